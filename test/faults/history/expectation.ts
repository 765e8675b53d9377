import { CHAIN_FACTOR, CHAIN_MODULUS, type PlannedHistory, type PlannedRevision } from './planned.ts'

export interface Executions {
  readonly up: number
  readonly down: number
}

export interface LaneState {
  readonly ups: number
  readonly downs: number
  readonly chain: number
}

/** What a history must have left when everything was carried out exactly once. */
export interface Expectation {
  readonly history: PlannedHistory
  isApplied(id: string): boolean
  executions(id: string): Executions
  lane(name: string): LaneState
  /** How much has been added to `v` of every row of a table. */
  raised(table: string): number
  carryOut(way: 'up' | 'down', revision: PlannedRevision): void
  /** Everything that is pending, up to the head. */
  upgradeAll(): void
  /** Everything but the base, the newest first. */
  downgradeAll(): void
  /** Another one that stands where this one does and goes on by itself. */
  copy(): Expectation
}

export function expectationOf(history: PlannedHistory, from?: Expectation): Expectation {
  const executed = new Map(history.revisions.map(({ id }) => [id, from?.executions(id) ?? { up: 0, down: 0 }]))
  const lanes = new Map(history.lanes.map((name) => [name, from?.lane(name) ?? { ups: 0, downs: 0, chain: 0 }]))
  const executions = (id: string): Executions => executed.get(id) ?? { up: 0, down: 0 }
  const lane = (name: string): LaneState => lanes.get(name) ?? { ups: 0, downs: 0, chain: 0 }
  const isApplied = (id: string): boolean => executions(id).up > executions(id).down

  const carryOut = (way: 'up' | 'down', { id, lane: name, link }: PlannedRevision): void => {
    const before = executions(id)
    executed.set(id, { ...before, [way]: before[way] + 1 })
    if (!lanes.has(name)) return
    const { ups, downs, chain } = lane(name)
    lanes.set(name, {
      ups: way === 'up' ? ups + 1 : ups,
      downs: way === 'down' ? downs + 1 : downs,
      chain: (chain * CHAIN_FACTOR[way] + link) % CHAIN_MODULUS,
    })
  }
  const self: Expectation = {
    history,
    isApplied,
    executions,
    lane,
    raised: (table) => history.revisions.filter(({ id, traces }) => traces.raises === table && isApplied(id)).length,
    carryOut,
    upgradeAll() {
      for (const revision of history.revisions) if (!isApplied(revision.id)) carryOut('up', revision)
    },
    downgradeAll() {
      for (const revision of history.revisions.slice(1).reverse()) {
        if (isApplied(revision.id)) carryOut('down', revision)
      }
    },
    copy: () => expectationOf(history, self),
  }
  return self
}

/** The revisions that rows stand for: those named and all that they stand on. */
export function appliedBy(history: PlannedHistory, rows: readonly string[]): Set<string> {
  const byId = new Map(history.revisions.map((revision) => [revision.id, revision]))
  const applied = new Set<string>()
  const follow = (id: string): void => {
    if (applied.has(id)) return
    applied.add(id)
    for (const below of byId.get(id)?.down ?? []) follow(below)
  }
  for (const row of rows) follow(row)
  return applied
}

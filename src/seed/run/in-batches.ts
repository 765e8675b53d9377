import type { Knex } from 'knex'
import type { RowSource } from '../files/seed-module.ts'
import type { ContextParts } from './context-parts.ts'

interface BatchParts extends ContextParts {
  /** Makes the helpers use this handle from now on. */
  use(knex: Knex): void
}

type InBatches = <Item>(
  source: RowSource<Item>,
  size: number,
  work: (items: Item[], knex: Knex) => unknown,
) => Promise<number>

/** `inBatches` of one seed. Each call has a position of its own, by the order of the calls. */
export function createBatches(parts: BatchParts): InBatches {
  const { run, loaded, counts } = parts
  let calls = 0
  return async (source, size, work) => {
    checkBatchSize(size)
    const call = calls
    calls += 1
    const started = performance.now()
    const before = counts.positions[call] ?? 0
    let position = 0
    let batch: Parameters<typeof work>[0] = []
    const carryOut = async (): Promise<void> => {
      const items = batch
      batch = []
      await inItsTransaction(parts, call, position, (knex) => work(items, knex))
      const ms = Math.round(performance.now() - started)
      run.database.report({ type: 'seed:progress', seed: loaded.seed.seed, items: position, ms })
    }
    for await (const item of source) {
      position += 1
      // Done by an earlier run that broke off.
      if (position <= before) continue
      batch.push(item)
      if (batch.length === size) await carryOut()
    }
    if (batch.length > 0) await carryOut()
    return position
  }
}

/** Throws a RangeError where there can be no batch of this size. */
export function checkBatchSize(size: number): void {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`a batch cannot have ${String(size)} items`)
}

async function inItsTransaction(
  { knex, savePositions, counts, use }: BatchParts,
  call: number,
  position: number,
  work: (knex: Knex) => unknown,
): Promise<void> {
  if (savePositions === undefined) {
    await work(knex)
    return
  }
  const positions = [...counts.positions]
  for (let at = positions.length; at < call; at += 1) positions.push(0)
  positions[call] = position
  try {
    await knex.transaction(async (trx) => {
      use(trx)
      await work(trx)
      await savePositions(positions)
    })
  } finally {
    use(knex)
  }
  counts.positions = positions
}

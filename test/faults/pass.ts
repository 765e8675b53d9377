import { performance } from 'node:perf_hooks'
import { expectSound } from './expect-sound.ts'
import type { Field } from './field.ts'
import { appliedBy, type Expectation } from './history/expectation.ts'
import { findFaults } from './history/find-faults.ts'
import { eventsIn, LOUD, type LogEvent } from './log-events.ts'
import type { Tally, Where } from './tally.ts'

/** How a process ended that was, or was to be, disturbed. */
export interface Attempt {
  /** Whether it was hit before it had come to its end. */
  readonly disturbed: boolean
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** What was done to it, for messages. */
  readonly told: string
}

export interface PassOptions {
  readonly field: Field
  readonly expected: Expectation
  readonly tally: Tally
  readonly way: 'up' | 'down'
  /** After so many disturbances it is left to finish. */
  readonly limit: number
  /** Starts rev with these arguments and disturbs it. */
  readonly attempt: (args: readonly string[]) => Promise<Attempt>
  /** Brings back what is needed to look at the database, after each disturbance. Default: nothing. */
  readonly recover?: () => Promise<void>
}

/**
 * Takes a history all the way up or down with a process that is disturbed again and again, and looks at the database
 * after each time: whatever counts as applied is there once, and nothing else is there but a part of the revision that was
 * being carried out, where the database keeps parts. What an error says of the outcome has to be true. In the end
 * everything has to be sound.
 */
export async function disturbedPass(options: PassOptions): Promise<void> {
  const { field, expected, tally, way, limit, attempt, recover } = options
  const command = way === 'up' ? ['upgrade', 'head'] : ['downgrade', expected.history.base]
  const args = [...command, '--json', ...LOUD]
  // What was begun, by this process or by one before it, and is not finished.
  const halfDone = new Set<string>()
  for (let disturbed = 0; ; ) {
    const isLast = disturbed >= limit
    const run = isLast ? { ...(await field.rev(args)), disturbed: false, told: 'left alone' } : await attempt(args)
    if (!run.disturbed) {
      if (run.code !== 0) {
        const journal = (await readJournal(field)).join('\n')
        const told = `rev ${command.join(' ')} (${run.told}) ended with ${run.code}`
        throw new Error(`${told}:\n${lastLines(run.stderr)}\n${journal}`)
      }
      break
    }
    disturbed++
    await recover?.()
    const began = performance.now()
    await field.settle()
    const settledMs = performance.now() - began
    const events = eventsIn(run.stderr)
    const inHand = stepInHand(events)
    const moved = await moveOn(options)
    const where = await whereOf(options, events, inHand, moved)
    tally.hit(where, settledMs)
    if (inHand !== undefined && commitsByItself(expected, inHand)) halfDone.add(inHand)
    for (const id of moved) halfDone.delete(id)
    const faults = [...falseWords(run.stdout, moved), ...(await findFaults(field.db, expected, { halfDone }))]
    if (faults.length > 0) {
      const lines = [`${run.told}, ${where}, at ${inHand}:`, ...faults, lastLines(run.stderr)]
      throw new Error(lines.join('\n'))
    }
  }
  if (way === 'up') expected.upgradeAll()
  else expected.downgradeAll()
  await expectSound(field, expected)
  tally.finish()
}

/** What rev has kept of steps that are not finished, one line each, the last ones. */
async function readJournal({ db }: Field): Promise<string[]> {
  if (!(await db.tables()).includes('rev_step')) return []
  const entries = await db.knex()('rev_step').orderBy('number', 'desc').limit(12).select()
  return entries.map(
    (entry) => `${entry.revision} ${entry.number} ${entry.state} ${entry.hash} ${entry.statement.slice(0, 60)}`,
  )
}

const lastLines = (text: string): string =>
  text
    .split('\n')
    .slice(-14)
    .map((line) => line.slice(0, 600))
    .join('\n')

/** The step that had begun and was not said to be done. */
function stepInHand(events: readonly LogEvent[]): string | undefined {
  const last = events.filter(({ event }) => event === 'step:start' || event === 'step:done').at(-1)
  return last?.event === 'step:start' ? last.revision : undefined
}

/** Brings what is expected to where the version rows are; gives the revisions that have come or gone. */
async function moveOn({ field, expected, way }: PassOptions): Promise<string[]> {
  const { history } = expected
  const applied = appliedBy(history, await field.rows())
  const moved = history.revisions.filter(({ id }) => expected.isApplied(id) !== applied.has(id))
  const wrong = moved.filter(({ id }) => applied.has(id) !== (way === 'up'))
  if (wrong.length > 0) throw new Error(`went the other way: ${wrong.map(({ id }) => id).join(', ')}`)
  for (const revision of way === 'up' ? moved : moved.toReversed()) expected.carryOut(way, revision)
  return moved.map(({ id }) => id)
}

const commitsByItself = ({ history }: Expectation, id: string): boolean =>
  history.revisions.some((revision) => revision.id === id && revision.commitsByItself)

async function whereOf(
  { field, expected }: PassOptions,
  events: readonly LogEvent[],
  inHand: string | undefined,
  moved: readonly string[],
): Promise<Where> {
  if (events.some(({ event }) => event === 'run:done')) return 'after the commit'
  if (!events.some(({ event }) => event === 'run:start')) return 'before the run'
  if (inHand === undefined) return 'between two steps'
  if (moved.includes(inHand)) return 'after the commit'
  if (!commitsByItself(expected, inHand)) return 'in a transaction'
  const underWay = await field.db.knex()('rev_step').where({ revision: inHand, state: 'running' }).first()
  return underWay ? 'in a statement that commits by itself' : 'elsewhere in a revision that commits by itself'
}

interface SaidOutcome {
  readonly done?: readonly string[]
  readonly failed?: string
  readonly notRun?: readonly string[]
  readonly uncertain?: boolean
  readonly inDatabase?: boolean
}

/** What an error says of the outcome and is not so. */
function falseWords(stdout: string, moved: readonly string[]): string[] {
  if (stdout.trim() === '') return []
  const { error } = JSON.parse(stdout)
  if (error === undefined) return []
  const faults = error.code === 'REV_INTERNAL' ? [`an internal error: ${error.message}`] : []
  const said: SaidOutcome = { ...error.details, ...error.details.outcome }
  const { done = [], failed, notRun = [], uncertain = false, inDatabase = false } = said
  for (const id of done) if (!moved.includes(id)) faults.push(`${id} was said to be done, and is not`)
  for (const id of notRun) if (moved.includes(id)) faults.push(`${id} was said not to be run, and is`)
  // What was being committed when the connection was lost may be known to be done, or not be known.
  if (failed !== undefined && !uncertain && moved.includes(failed) !== inDatabase) {
    faults.push(`${failed} was said ${inDatabase ? 'to be' : 'not to be'} in the database`)
  }
  return faults
}

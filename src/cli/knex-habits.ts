import { RevError } from '../errors/index.ts'

/** Flags that only knex's own commands have. */
export const KNEX_FLAGS: readonly string[] = ['--all', '-a', '--specific']

/** What a knex command is in rev's words, or why it has no such words. */
type Habit = (words: readonly string[], flags: readonly string[]) => readonly string[] | Refusal

interface Refusal {
  readonly reason: string
  readonly nearest: string
}

const refuse = (reason: string, nearest: string) => (): Refusal => ({ reason, nearest })
const status: Habit = (words) => ['status', ...words]
const missing = (what: string, nearest: string): Refusal => ({ reason: `it needs ${what}`, nearest })

const HABITS: Readonly<Record<string, Habit>> = {
  'migrate:latest': (words) => ['upgrade', 'head', ...words],
  'migrate:up': ([name, ...more]) => (name === undefined ? ['upgrade', '+1'] : ['upgrade', name, ...more, '--only']),
  'migrate:to': ([name, ...more]) =>
    name === undefined ? missing('a name', 'rev upgrade REV') : ['upgrade', name, ...more],
  'migrate:before': ([name, ...more]) =>
    name === undefined ? missing('a name', 'rev upgrade REV-1') : ['upgrade', `${name}-1`, ...more],
  'migrate:down': ([name, ...more]) =>
    name === undefined ? ['downgrade', '-1'] : ['downgrade', name, ...more, '--only'],
  'migrate:rollback': (words, flags) =>
    flags.includes('--all') || flags.includes('-a')
      ? ['downgrade', 'base', ...words]
      : { reason: 'rev keeps no batches, it goes back by revisions', nearest: 'rev downgrade -1' },
  'migrate:list': status,
  'migrate:status': status,
  'migrate:currentVersion': (words) => ['current', ...words],
  'migrate:make': ([name, ...more]) =>
    name === undefined ? missing('a name', 'rev revision -m "message"') : ['revision', ...more, '-m', name],
  'migrate:unlock': refuse("rev's lock belongs to the connection and ends with it", 'rev current'),
}

/** Options of knex's commands that rev's own command of that name does not have. */
export const KNEX_OPTIONS: Readonly<Record<string, Readonly<Record<string, Refusal>>>> = {
  'seed run': {
    '--specific': {
      reason: 'rev knows seeds by their names, and runs what they depend on',
      nearest: 'rev seed run NAME --only',
    },
  },
}

/** Whether the first word begins one of knex's commands: `migrate:latest`, or the `migrate` of `migrate latest`. */
export function isKnexWord(word: string): boolean {
  return /^migrate:/.test(word) || word === 'migrate'
}

/**
 * Says a knex command in rev's words: `migrate latest` is `upgrade head`. Undefined when the words are no knex command.
 * Throws REV_USAGE_NO_EQUIVALENT, naming the nearest, for one that rev has no exact equivalent for.
 */
export function sayNatively(words: readonly string[], flags: readonly string[]): readonly string[] | undefined {
  const [first = '', second] = words
  const joined = first.includes(':') || second === undefined ? first : `${first}:${second}`
  const rest = words.slice(joined === first ? 1 : 2)
  const habit = Object.hasOwn(HABITS, joined) ? HABITS[joined] : undefined
  if (!habit) return undefined
  const native = habit(rest, flags)
  if (!('reason' in native)) return native
  throw new RevError('REV_USAGE_NO_EQUIVALENT', { typed: [...words, ...flags].join(' '), ...native })
}

/** The knex commands that rev understands, for suggestions. */
export const KNEX_COMMANDS: readonly string[] = Object.keys(HABITS)

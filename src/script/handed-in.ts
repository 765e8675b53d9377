import { RevError } from '../errors/index.ts'
import { visibleExports } from './visible-exports.ts'

/** Modules that a caller hands in, in place of a folder: a list, an object by path, or a function that gives either. */
type Source<E> = Entries<E> | (() => Entries<E> | Promise<Entries<E>>)
type Entries<E> = readonly E[] | Readonly<Record<string, E>>

/** One of them. */
export interface HandedIn {
  /** How errors call it: its path, or its place in the list. */
  readonly name: string
  /** Its path; undefined in a list. */
  readonly file: string | undefined
  readonly entry: unknown
}

/**
 * The modules of a source: a list in its order, an object by its paths in the given order. `what` is how errors call the
 * source. Throws REV_FILE_LOAD_FAILED when a function of the caller's throws.
 */
export async function listHandedIn<E>(
  source: Source<E>,
  what: string,
  order: (one: string, other: string) => number,
): Promise<HandedIn[]> {
  const entries = typeof source === 'function' ? await callNamed(source, what) : source
  if (Array.isArray(entries)) {
    return entries.map((entry, index) => ({ name: `${what}[${index}]`, file: undefined, entry }))
  }
  return Object.entries(entries as object)
    .sort(([one], [other]) => order(one, other))
    .map(([name, entry]) => ({ name, file: name, entry }))
}

/** The exports of a module; a function is called for it. Throws REV_FILE_LOAD_FAILED. */
export async function exportsOfHandedIn({ name, entry }: HandedIn): Promise<Record<string, unknown>> {
  return visibleExports(typeof entry === 'function' ? await callNamed(entry as () => unknown, name) : entry)
}

/** Calls a function of the caller's. Throws REV_FILE_LOAD_FAILED in its name. */
export async function callNamed<T>(call: () => T | Promise<T>, name: string): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new RevError('REV_FILE_LOAD_FAILED', { file: name, reason }, { cause })
  }
}

import type { RevError } from '../errors/index.ts'
import type { Reporter } from '../events.ts'

/** How the events of a run are told. */
export interface ReporterOptions {
  readonly quiet: boolean
  readonly verbose: boolean
  /** Written before the first line: which of several databases it is about. */
  readonly heading?: string | undefined
  /** The down revisions of a revision, once the files are read; an event does not carry them. */
  downRevisions(revision: string): readonly string[]
}

/** What else is written on standard error: notes, and that a signal came. */
export interface Remark {
  readonly level: 'info' | 'warn'
  readonly event: 'note' | 'signal'
  readonly message: string
}

/** Standard error for log collectors: one JSON object on each line. */
export interface LogLines {
  reporter(options: ReporterOptions): Reporter
  remark(remark: Remark): void
  /** With `database` it is about that one of several; without, about the one that was begun last. */
  error(error: RevError, options: { readonly raiseerr: boolean; readonly database?: string }): void
}

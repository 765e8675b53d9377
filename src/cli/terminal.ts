import type { LogLines } from './report-lines.ts'
import type { Style } from './style.ts'

/** The world outside as the command line sees it; a test hands in its own. */
export interface Terminal {
  /** Writes to standard output: results, nothing else. */
  out(text: string): void
  /** Resolves when what was given to `out` has been handed over: a long text waits for whoever reads it. */
  written(): Promise<void>
  /** Writes to standard error: progress, notes, errors. */
  err(text: string): void
  /** Stands in for `err` when progress, notes and errors are to be JSON, with `--log-format json`. */
  readonly logLines?: LogLines | undefined
  readonly outStyle: Style
  readonly errStyle: Style
  /** How many characters a line of standard output has, where that is a terminal. */
  readonly columns?: number | undefined
  /** Whether standard error is a terminal that can take a line back. */
  readonly isInteractive: boolean
  /** Asks a question of yes or no; undefined where nobody sits who could answer. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<boolean>) | undefined
  readonly environment: NodeJS.ProcessEnv
  readonly cwd: string
}

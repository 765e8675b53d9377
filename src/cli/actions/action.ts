import type { RevError } from '../../errors/index.ts'
import type { Given } from '../given.ts'
import type { Terminal } from '../terminal.ts'

/** One command line, read and checked. */
export interface Invocation {
  /** The words after the command, as typed. */
  readonly words: readonly string[]
  readonly given: Given
  /** Which of several databases, where the command goes through them. */
  readonly database?: string
  /** The rows that a plan begins with, where several databases wait for each other. Default: the rows as they are. */
  readonly before?: readonly string[]
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** What a command came to, in both forms; the command line prints the one that was asked for. */
export interface Outcome {
  /** Becomes the JSON object. */
  readonly result: { readonly command: string }
  /** For standard output; empty when there is nothing to say. */
  readonly text: string
  /** For standard error, where somebody may be reading: what an empty text means, for example. */
  readonly note?: string
  /** What `--quiet` leaves of the text. Default: all of it. */
  readonly quietText?: string
  /** For a question that was answered, and the answer is no. Default 0. */
  readonly exitCode?: 3
  /** Of a command that was carried out in part: told after the result, which says what was done. */
  readonly failure?: RevError
}

/** What one command does between the command line and the terminal. */
export type Action = (invocation: Invocation) => Promise<Outcome>

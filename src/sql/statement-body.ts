import type { SqlToken } from './sql-tokens.ts'

/** Follows one statement from semicolon to semicolon and knows which of them stand inside of it. */
export interface StatementBody {
  /** Reads on to the next semicolon or the end of the text. True when the statement cannot end there. */
  isInside(tokens: readonly SqlToken[]): boolean
  /** Whether it is of a kind that has a body, as far as it was read. */
  readonly isRoutine: boolean
}

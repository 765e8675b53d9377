import { isRevError, type RevError, type RevErrorCode } from '../../src/errors/index.ts'

/** The error that `work` throws, when it is rev's own; anything else fails the test. */
export function thrownBy(work: () => unknown): { code: RevErrorCode; details: unknown; hint: string | undefined } {
  let thrown: unknown
  try {
    work()
  } catch (error) {
    thrown = error
  }
  if (!isRevError(thrown)) throw new Error('expected a RevError', { cause: thrown })
  const { code, details, hint }: RevError = thrown
  return { code, details, hint }
}

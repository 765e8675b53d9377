/**
 * Asks on the terminal what can be answered by yes or no. An empty line and the end of the input mean no. Throws
 * REV_INTERRUPTED or REV_TERMINATED when the signal comes first.
 */
export async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises')
  // Not in raw mode: the keys stay with the terminal, so that Ctrl-C is the signal that it is everywhere.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  try {
    const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended])
    if (answer === undefined) {
      // Nobody has ended the line of the question.
      process.stderr.write('\n')
      return false
    }
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    if (!signal.aborted) throw error
    const { interruption } = await import('../database/interruption.ts')
    throw interruption(signal)
  } finally {
    lines.close()
  }
}

import type { Rev, SqlOptions } from '../../../src/index.ts'

/** The script of an upgrade, or of whatever else is asked for. */
export async function scriptOf(rev: Rev, options: Partial<SqlOptions> = {}): Promise<string> {
  let text = ''
  const write = (piece: string): void => {
    text += piece
  }
  await rev.sql({ direction: 'upgrade', ...options, write })
  return text
}

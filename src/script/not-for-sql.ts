import { closeSync, openSync, readSync } from 'node:fs'
import { extname } from 'node:path'

const CODE = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'])
const SQLITE = 'SQLite format 3\0'

/**
 * Why SQL must not take the place of a file that is there, as half a sentence; undefined where it may. A slip of the fingers
 * (`--output knexfile.js`, `--output dev.sqlite3`) costs what nobody brings back.
 */
export function whyNotForSql(file: string): string | undefined {
  if (CODE.has(extname(file).toLowerCase())) return 'there is a file of code, which SQL does not replace'
  return startsWith(file, SQLITE) ? 'there is an SQLite database, which SQL does not replace' : undefined
}

function startsWith(file: string, text: string): boolean {
  const descriptor = openToRead(file)
  if (descriptor === undefined) return false
  try {
    const start = Buffer.alloc(text.length)
    readSync(descriptor, start, 0, start.length, 0)
    return start.equals(Buffer.from(text))
  } finally {
    closeSync(descriptor)
  }
}

// One that may be replaced and not read is nobody's loss.
function openToRead(file: string): number | undefined {
  try {
    return openSync(file, 'r')
  } catch {
    return undefined
  }
}

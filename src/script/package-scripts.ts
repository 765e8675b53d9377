import { readFileSync, writeFileSync } from 'node:fs'
import { RevError } from '../errors/index.ts'

// Through `rev`, not `npx rev`: a script finds the program of its own package first.
const SCRIPTS: Readonly<Record<string, string>> = {
  rev: 'rev',
  'db:upgrade': 'rev upgrade head',
  'db:downgrade': 'rev downgrade -1',
  'db:check': 'rev check',
}

/**
 * Which of rev's scripts a package.json lacks; with `write`, adds them behind the others, leaving its indentation, its
 * line ends and every script that is there. Throws REV_FILE_WRITE_FAILED when it is to write to what is no JSON object.
 */
export function addPackageScripts(
  file: string,
  write: boolean,
): { readonly missing: Readonly<Record<string, string>>; readonly written: boolean } {
  const text = readFileSync(file, 'utf8')
  const content = parse(text.replace(/^\uFEFF/, ''))
  if (content === undefined) {
    if (write) throw new RevError('REV_FILE_WRITE_FAILED', { file, reason: 'it is not a JSON object' })
    return { missing: {}, written: false }
  }
  const scripts = typeof content.scripts === 'object' && content.scripts !== null ? content.scripts : {}
  const missing = Object.fromEntries(Object.entries(SCRIPTS).filter(([name]) => !(name in scripts)))
  if (!write || Object.keys(missing).length === 0) return { missing, written: false }
  const indent = /^[{[]\r?\n([ \t]+)/.exec(text.trimStart())?.[1] ?? (text.includes('\n') ? 2 : 0)
  const joined = JSON.stringify({ ...content, scripts: { ...scripts, ...missing } }, null, indent)
  const lines = text.includes('\r\n') ? joined.replaceAll('\n', '\r\n') : joined
  writeFileSync(file, `${text.startsWith('\uFEFF') ? '\uFEFF' : ''}${lines}${/\s*$/.exec(text)?.[0] ?? ''}`)
  return { missing, written: true }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(text)
    return typeof content === 'object' && content !== null && !Array.isArray(content) ? { ...content } : undefined
  } catch {
    return undefined
  }
}

import { fileURLToPath, pathToFileURL } from 'node:url'

const OWN_FRAMES = /node_modules|node:|[\\/](?:src|dist)[\\/](?:cjs[\\/])?offline[\\/]/

/**
 * The line of the revision file in a stack; of revisions without a file, the first line that is neither Knex's nor
 * rev's. Undefined when the stack does not tell.
 */
export function placeIn(
  stack: string | undefined,
  file: string | undefined,
): { file: string | undefined; line: number | undefined } {
  const frames = (stack ?? '').split('\n').filter((line) => /^\s*at /.test(line))
  const names = file === undefined ? undefined : [file, pathToFileURL(file).href]
  for (const frame of frames) {
    const found = /\(?((?:file:\/\/)?[^\s()][^()]*?):(\d+):\d+\)?$/.exec(frame.replace(/^\s*at (?:async )?/, ''))
    const [, where, line] = found ?? []
    if (where === undefined || line === undefined) continue
    if (names === undefined ? !OWN_FRAMES.test(frame) : names.some((name) => where.endsWith(name))) {
      return { file: file ?? (where.startsWith('file:') ? fileURLToPath(where) : where), line: Number(line) }
    }
  }
  return { file, line: undefined }
}

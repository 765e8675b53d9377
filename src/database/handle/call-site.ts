import { join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { packageRoot } from '../../platform.cts'

/** A place in source; both undefined when the stack does not tell. */
export interface CallSite {
  readonly file: string | undefined
  readonly line: number | undefined
}

/** A stack that is turned into text only when somebody asks for the place. */
export interface CapturedStack {
  readonly stack?: string
}

// A package that is linked, not installed, does not lie in `node_modules`.
const OWN_FOLDERS = ['src', 'dist'].map((name) => `${join(packageRoot, name)}${sep}`)

// Knex puts up to eight frames of its own between a call and the client; helpers of the project stand between, too.
const FRAMES = 20

/** The stack of whoever called `below`. Cheap: no text is made of it yet. */
export function captureStack(below: (...args: never[]) => unknown): CapturedStack {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = FRAMES
  try {
    const captured: CapturedStack = {}
    Error.captureStackTrace(captured, below)
    return captured
  } finally {
    Error.stackTraceLimit = limit
  }
}

/**
 * The topmost frame in `file`, else the topmost one that is neither Node's, nor rev's, nor inside `node_modules`; frames name a
 * file by its path or by its URL, which depends on what loaded it.
 */
export function findCallSite(stack: string | undefined, file: string | undefined): CallSite {
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  if (file !== undefined) {
    const names = [pathToFileURL(file).href, file]
    for (const frame of frames) {
      const line = names.map((name) => lineAfter(frame, name)).find((found) => found !== undefined)
      if (line !== undefined) return { file, line }
    }
  }
  for (const frame of frames) {
    const site = parseFrame(frame)
    if (site !== undefined) return site
  }
  return { file: undefined, line: undefined }
}

function lineAfter(frame: string, name: string): number | undefined {
  const start = frame.indexOf(name)
  if (start < 0) return undefined
  const line = /^(?:\?[^:]*)?:(\d+):\d+/.exec(frame.slice(start + name.length))?.[1]
  return line === undefined ? undefined : Number(line)
}

function parseFrame(frame: string): CallSite | undefined {
  const match = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:[\\/]).*?)(?:\?[^:]*)?:(\d+):\d+\)?$/.exec(frame)
  const [, path, line] = match ?? []
  if (path === undefined || /[\\/]node_modules[\\/]/.test(path)) return undefined
  const file = path.startsWith('file:') ? fileURLToPath(path) : path
  return OWN_FOLDERS.some((folder) => file.startsWith(folder)) ? undefined : { file, line: Number(line) }
}

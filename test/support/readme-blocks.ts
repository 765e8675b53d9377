import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './run-cli.ts'

/** One fenced block of a document, with what the comment above it says is to be done with it. */
export interface DocumentBlock {
  /**
   * `run` it as a shell script; write it to a `file`; `said`: the block that was run before it has said so;
   * `elsewhere`: another test does.
   */
  readonly action: 'run' | 'file' | 'said' | 'elsewhere'
  /** Which folder: blocks that name the same one share it, in order. */
  readonly sandbox: string
  /** Path in the sandbox, for `file`. */
  readonly path: string
  readonly language: string
  readonly text: string
  readonly line: number
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm
const MARK = /<!-- (run|file|said): ([^\s>]+).*-->\n$/
/** Drawings and texts carry no language, and need no mark. */
const NEEDS_MARK = new Set(['sh', 'js', 'ts', 'json'])

/** The blocks of a document in order. Throws for a block of code without a mark: an example nobody runs. */
export function documentBlocks(document: string): DocumentBlock[] {
  const text = readFileSync(join(repository, document), 'utf8')
  const blocks: DocumentBlock[] = []
  for (const match of text.matchAll(FENCE)) {
    const [, language = '', code = ''] = match
    const line = text.slice(0, match.index).split('\n').length
    const mark = MARK.exec(text.slice(0, match.index))
    if (!mark) {
      if (NEEDS_MARK.has(language)) throw new Error(`${document}:${line}: an example that no test runs`)
      continue
    }
    const [, kind = '', where = ''] = mark
    const slash = where.indexOf('/')
    const action = where === 'elsewhere' ? 'elsewhere' : (kind as 'run' | 'file' | 'said')
    const [sandbox, path] = slash === -1 ? [where, ''] : [where.slice(0, slash), where.slice(slash + 1)]
    blocks.push({ action, sandbox, path, language, text: code, line })
  }
  return blocks
}

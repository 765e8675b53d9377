import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './run-cli.ts'

const FENCE = /^( *)```(\w*)\n([\s\S]*?)^ *```$/gm
/** Of these languages each block is run, parsed or looked for; a drawing or a text carries none. */
const RUN = new Set(['sh', 'js', 'ts', 'json', 'csv', 'sql'])

/** The examples of a document, which a test takes one by one. */
export interface DocumentExamples {
  /** The one block that holds this text. Throws for none and for several. */
  take(holding: string): string
  /** The lines of those that were not taken. */
  left(): string[]
}

/** Reads the examples of a document of `docs`. */
export function documentExamples(document: string): DocumentExamples {
  const text = readFileSync(join(repository, document), 'utf8')
  const blocks = [...text.matchAll(FENCE)]
    .filter(([, , language = '']) => RUN.has(language))
    .map((match) => ({ text: match[3] ?? '', line: text.slice(0, match.index).split('\n').length }))
  const taken = new Set<string>()
  return {
    take(holding) {
      const [found, second] = blocks.filter((block) => block.text.includes(holding))
      if (found === undefined || second !== undefined) throw new Error(`${document}: not one example with "${holding}"`)
      taken.add(found.text)
      return found.text
    },
    left: () => blocks.filter((block) => !taken.has(block.text)).map(({ line }) => `${document}:${line}`),
  }
}

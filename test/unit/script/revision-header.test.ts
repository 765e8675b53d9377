import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createModuleLoader } from '../../../src/script/module-loader.ts'
import { HEADER_NAMES, scanRevisionHeader } from '../../../src/script/revision-header.ts'
import { tempDirectory } from '../../support/temp-project.ts'
import { corpus } from './header-corpus.ts'

const isHeaderName = (name: string) => (HEADER_NAMES as readonly string[]).includes(name)

describe('reading the header from the text', () => {
  test.each(corpus.map((entry) => [entry.name, entry] as const))('tells the truth or nothing: %s', async (_, entry) => {
    const directory = tempDirectory()
    if (entry.type !== undefined) writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: entry.type }))
    for (const [file, text] of Object.entries(entry.beside ?? {})) {
      mkdirSync(dirname(join(directory, file)), { recursive: true })
      writeFileSync(join(directory, file), text)
    }
    const file = join(directory, `revision.${entry.extension}`)
    writeFileSync(file, entry.text)

    const scanned = scanRevisionHeader(entry.text)

    expect(scanned === undefined ? 'imported' : 'read').toBe(entry.expected)
    const load = createModuleLoader({ directory }).load(file)
    if (entry.loads === false) return void (await expect(load).rejects.toMatchObject({ code: 'REV_FILE_LOAD_FAILED' }))
    const truth = await load
    if (scanned === undefined) return
    expect(Object.fromEntries(scanned.values)).toEqual(
      Object.fromEntries(Object.entries(truth).filter(([name]) => isHeaderName(name))),
    )
  })

  test('names the other exports of a file, as far as it sees them', () => {
    expect(scanRevisionHeader('export async function up() {}\nexport const down = null\n')?.names).toEqual(
      new Set(['up', 'down']),
    )
  })

  test('has a corpus in which both outcomes are well represented', () => {
    const read = corpus.filter(({ expected }) => expected === 'read')

    expect(read.length).toBeGreaterThan(40)
    expect(corpus.length - read.length).toBeGreaterThan(40)
  })

  test('gives up on any cut of a file or tells what the cut file says', () => {
    // A cut inside of anything must never pass for a whole file with other values.
    const text = corpus[0]?.text ?? ''
    const whole = scanRevisionHeader(text)

    for (let end = 0; end < text.length; end += 1) {
      const scanned = scanRevisionHeader(text.slice(0, end))
      for (const [name, value] of scanned?.values ?? []) expect(value).toEqual(whole?.values.get(name))
    }
  })
})

import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ScriptFolder } from '../../../src/offline/script-folder.ts'
import { ScriptSpool, scriptHash } from '../../../src/offline/script-spool.ts'

// Longer than what is kept in memory, with characters of one, two, three and four bytes.
const LINE = 'aé€😀'.repeat(1000)
const LONG = 600

let folder: ScriptFolder
let files: string[]
let spool: ScriptSpool

beforeEach(() => {
  folder = new ScriptFolder()
  files = []
  const file = folder.file.bind(folder)
  folder.file = (name) => {
    files.push(file(name))
    return file(name)
  }
  spool = new ScriptSpool(folder, 'script-1')
})

afterEach(async () => {
  await spool.remove()
  await folder.remove()
  expect(files.filter((file) => existsSync(dirname(file)))).toEqual([])
})

const textOf = (from: ScriptSpool): string => [...from.read()].join('')
const hashOf = (from: ScriptSpool): string => {
  const hash = scriptHash()
  from.hashInto(hash)
  return hash.digest('hex')
}

function fill(lines: number): string {
  const written = Array.from({ length: lines }, (_, index) => `${index} ${LINE}\n`)
  for (const text of written) spool.write(text)
  return written.join('')
}

test('a short script is given back as it was written, and makes no file', () => {
  spool.write('begin;\n')
  spool.write(LINE)
  expect(textOf(spool)).toBe(`begin;\n${LINE}`)
  expect(hashOf(spool)).toBe(scriptHash().update(`begin;\n${LINE}`).digest('hex'))
  expect(spool.length).toBe(Buffer.byteLength(`begin;\n${LINE}`))
  expect(files).toEqual([])
})

test('a long one is given back as it was written, from a file that only its owner reads', async () => {
  const written = fill(LONG)
  const [file = ''] = files
  expect(statSync(file).mode & 0o777).toBe(0o600)
  spool.write('the end')
  // Asked twice: the first time must not use anything up.
  for (let time = 0; time < 2; time += 1) expect(textOf(spool) === `${written}the end`).toBe(true)
  expect(hashOf(spool)).toBe(scriptHash().update(`${written}the end`).digest('hex'))
  expect([...spool.lines()].length).toBe(LONG + 1)
  await spool.remove()
  await spool.remove()
  expect(existsSync(file)).toBe(false)
})

test.each([
  ['nothing', 0, 1],
  ['what is in memory', 3, 2],
  ['what went to the file meanwhile', 3, LONG],
  ['what was in the file before', LONG, LONG],
  ['what is behind the file', LONG, 1],
])('what was written since is taken back: %s', (_, before, after) => {
  const kept = fill(before)
  const mark = spool.length
  fill(after)
  spool.cut(mark)
  expect(spool.length).toBe(mark)
  expect(textOf(spool) === kept).toBe(true)
  spool.write('and on')
  expect(textOf(spool) === `${kept}and on`).toBe(true)
})

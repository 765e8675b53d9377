import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { repository } from '../support/run-cli.ts'
import { pack, type Tarball } from '../support/tarball.ts'

let tarball: Tarball
beforeAll(() => {
  tarball = pack()
})
afterAll(() => tarball.remove())

const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))

test('the package holds the build, the command, the templates and the papers, and nothing else', () => {
  const expected =
    /^(bin\/rev\.js|dist\/.+\.(js|cjs|d\.ts|d\.cts|json)|templates\/.+|docs\/.+\.md|package\.json|[A-Z]+(\.md)?)$/

  expect(tarball.entries.filter((entry) => !expected.test(entry))).toEqual([])
})

test('the package has everything that its package.json points to', () => {
  const pointed = [
    ...Object.values<string>(manifest.bin),
    manifest.main,
    manifest.types,
    ...Object.values<Record<string, string>>(manifest.exports['.']).flatMap((entry) => Object.values(entry)),
  ].map((path) => path.replace(/^\.\//, ''))

  expect(tarball.entries).toEqual(expect.arrayContaining([...new Set(pointed), 'README.md', 'LICENSE']))
  expect(tarball.entries.some((entry) => entry.startsWith('templates/typescript/'))).toBe(true)
})

test('the command has its run bit, or npx would run another program of that name', () => {
  const mode = manifest.bin.rev
  expect(readFileSync(join(repository, mode), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
})

test('the package stays small', () => {
  expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(6)
  // The code once, its types twice, for import and for require; runs, scripts, journal, seeds and the life of a database.
  expect(tarball.size).toBeLessThan(545_000)
})

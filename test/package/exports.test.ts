import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { repository } from '../support/run-cli.ts'

const require = createRequire(import.meta.url)
const namesOf = (exported: object): string[] =>
  Object.keys(exported)
    .filter((name) => name !== 'default' && name !== 'module.exports')
    .sort()

test('the names that the package exports are a promise', async () => {
  const esm: object = await import(pathToFileURL(`${repository}/dist/index.js`).href)

  expect(namesOf(esm)).toMatchInlineSnapshot(`
    [
      "RevError",
      "RevisionGraph",
      "createRev",
      "defineConfig",
      "isRevError",
    ]
  `)
})

test('the CommonJS build exports the same names', async () => {
  const esm: object = await import(pathToFileURL(`${repository}/dist/index.js`).href)
  const cjs: object = require(`${repository}/dist/cjs/index.js`)

  expect(namesOf(cjs)).toEqual(namesOf(esm))
})

test('errors of one build are recognised by the other', async () => {
  const esm = await import(pathToFileURL(`${repository}/dist/index.js`).href)
  const cjs = require(`${repository}/dist/cjs/index.js`)
  const headers = [{ revision: 'aaa', down_revision: 'missing' }]

  let thrown: unknown
  try {
    cjs.RevisionGraph.from(headers)
  } catch (error) {
    thrown = error
  }

  expect(esm.isRevError(thrown, 'REV_GRAPH_INVALID')).toBe(true)
})

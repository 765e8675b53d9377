import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { repository, run } from '../support/run-cli.ts'

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

test('require gives the very same as import', async () => {
  // In a process of its own: the test runner compiles what is imported here, and makes a copy so.
  const program = `
    import * as esm from '${pathToFileURL(repository).href}/dist/index.js'
    import { createRequire } from 'node:module'
    const cjs = createRequire('${repository}/')('./dist/cjs/index.js')
    console.log(JSON.stringify(Object.keys(cjs).filter((name) => cjs[name] === esm[name]).sort()))
  `
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: repository,
  })

  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual(namesOf(require(`${repository}/dist/cjs/index.js`)))
})

test('errors of one copy of the package are recognised by another', () => {
  const path = `${repository}/dist/cjs/index.js`
  const first = require(path)
  for (const file of Object.keys(require.cache)) if (file.startsWith(`${repository}/dist/`)) delete require.cache[file]
  const second = require(path)
  expect(second.RevError).not.toBe(first.RevError)

  let thrown: unknown
  try {
    first.RevisionGraph.from([{ revision: 'aaa', down_revision: 'missing' }])
  } catch (error) {
    thrown = error
  }

  expect(second.isRevError(thrown, 'REV_GRAPH_INVALID')).toBe(true)
})

import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunResult, repository, run } from '../support/run-cli.ts'
import { installTarball, pack, type Tarball } from '../support/tarball.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

let tarball: Tarball
beforeAll(() => {
  tarball = pack()
})
afterAll(() => tarball.remove())

const node = (project: TempProject, ...args: string[]): Promise<RunResult> =>
  run(process.execPath, args, { cwd: project.path })
const rev = (project: TempProject, ...args: string[]): Promise<RunResult> =>
  node(project, 'node_modules/knex-rev/bin/rev.js', ...args)
const tsc = (project: TempProject, ...args: string[]): Promise<RunResult> =>
  node(project, join(repository, 'node_modules/typescript/bin/tsc'), ...args)

async function succeeds(running: Promise<RunResult>): Promise<string> {
  const result = await running
  expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
  return result.stdout
}

/** Uses what is exported: as a library with revisions from the project's folder, as a graph, with an error. */
const program = (imports: string): string => `
${imports}

async function main() {
  const rev = createRev()
  const result = await rev.upgrade({ target: 'head' })
  const graph = RevisionGraph.from([{ revision: 'a', down_revision: null }, { revision: 'b', down_revision: 'a' }])
  let code = ''
  try {
    graph.resolve('nowhere')
  } catch (error) {
    if (isRevError(error)) code = error.code
  }
  console.log(JSON.stringify({ steps: result.steps.length, rows: result.rows.length, heads: graph.heads(), code }))
  await rev.close()
}
main()
`
const expected = { rows: 1, heads: ['b'], code: 'REV_GRAPH_UNKNOWN_REVISION' }

const TYPESCRIPT = { strict: true, target: 'es2022', types: ['node'], outDir: 'out', exactOptionalPropertyTypes: true }
const tsconfig = (module: string): string =>
  JSON.stringify({ compilerOptions: { ...TYPESCRIPT, module }, files: ['program.ts'] })
const imported = `import { createRev, isRevError, RevisionGraph } from 'knex-rev'`
const required = `const { createRev, isRevError, RevisionGraph } = require('knex-rev')`

interface Kind {
  readonly name: string
  readonly type: 'module' | 'commonjs' | null
  readonly files: Readonly<Record<string, string>>
  /** Compiled first. */
  readonly typescript: boolean
}

const kinds: readonly Kind[] = [
  { name: 'ES modules', type: 'module', files: { 'program.js': program(imported) }, typescript: false },
  { name: 'CommonJS', type: 'commonjs', files: { 'program.js': program(required) }, typescript: false },
  { name: 'no type', type: null, files: { 'program.js': program(required) }, typescript: false },
  {
    name: 'TypeScript as ES modules',
    type: 'module',
    files: { 'program.ts': program(imported), 'tsconfig.json': tsconfig('nodenext') },
    typescript: true,
  },
  {
    name: 'TypeScript as CommonJS',
    type: 'commonjs',
    files: { 'program.ts': program(imported), 'tsconfig.json': tsconfig('node16') },
    typescript: true,
  },
]

describe.each(kinds)('in an empty project with $name', ({ type, files, typescript }) => {
  test('the package starts a project, migrates it, and is a library there', async () => {
    const project = createTempProject({ type, files, packages: false })
    installTarball(tarball, project.path)

    await succeeds(rev(project, 'init'))
    await succeeds(rev(project, 'revision', '-m', 'create things'))
    await succeeds(rev(project, 'upgrade', 'head'))
    const current = JSON.parse(await succeeds(rev(project, 'current', '--json')))
    if (typescript) await succeeds(tsc(project))
    const output = await succeeds(node(project, typescript ? 'out/program.js' : 'program.js'))

    expect(current).toMatchObject({ atHeads: true })
    expect(JSON.parse(output)).toEqual({ ...expected, steps: 0 })
  })
})

describe('what the files of a project import', () => {
  test.each(['ts', 'js', 'mjs', 'cjs'] as const)('in .%s is the very library that runs them', async (extension) => {
    const isCommonJs = extension === 'cjs'
    const load = isCommonJs ? `const { RevError } = require('knex-rev')` : `import { RevError } from 'knex-rev'`
    const open = isCommonJs ? 'exports.' : 'export const '
    const project = createTempProject({
      packages: false,
      files: {
        'knexfile.js': `import { RevError } from 'knex-rev'
          globalThis.ofKnexfile = RevError
          export default { client: 'better-sqlite3', connection: { filename: './a.sqlite3' }, useNullAsDefault: true }\n`,
        [`versions/a_a.${extension}`]: `${load}
          ${open}revision = 'a'
          ${open}down_revision = null
          ${open}upgrade = async () => {
            const thrown = new RevError('REV_GRAPH_INVALID', { problems: [] })
            console.log(RevError === globalThis.ofKnexfile)
            throw thrown
          }
          ${open}downgrade = async () => {}\n`,
      },
    })
    installTarball(tarball, project.path)

    const { stdout, stderr, code } = await rev(project, 'upgrade', 'head')

    expect(stdout + stderr).toContain('true\n')
    expect(stderr).not.toContain('REV_INTERNAL')
    expect(code).toBe(1)
  })
})

describe('with the oldest Knex that is supported', () => {
  test('the worked example goes up and down', async () => {
    const project = createTempProject({ packages: false })
    for (const path of ['versions', 'knexfile.ts']) {
      cpSync(join(repository, path), join(project.path, path), { recursive: true })
    }
    installTarball(tarball, project.path, 'knex-oldest')

    await succeeds(rev(project, 'upgrade', 'head'))
    await succeeds(rev(project, 'current', '--check-heads'))
    await succeeds(rev(project, 'downgrade', 'base'))
  })

  test('a program is type-checked', async () => {
    const files = { 'program.ts': program(imported), 'tsconfig.json': tsconfig('nodenext') }
    const project = createTempProject({ files, packages: false })
    installTarball(tarball, project.path, 'knex-oldest')

    // The types of that Knex have faults of their own in today's TypeScript.
    await succeeds(tsc(project, '--noEmit', '--skipLibCheck'))
  })
})

describe('in a project that is tested with Jest', () => {
  test('the package is required and migrates a database', async () => {
    const test = `
      const { createRev } = require('knex-rev')
      const createKnex = require('knex')

      test('migrates', async () => {
        const knex = createKnex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true })
        const revisions = [{
          revision: 'aaa',
          down_revision: null,
          upgrade: (knex) => knex.schema.createTable('things', (table) => { table.increments('id') }),
          downgrade: (knex) => knex.schema.dropTable('things'),
        }]
        const rev = createRev({ knex, revisions })
        await rev.upgrade()
        expect(await knex('things').select()).toEqual([])
        await rev.downgrade({ target: 'base' })
        await knex.destroy()
      })

      test('migrates from a folder', async () => {
        const knex = createKnex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true })
        const rev = createRev({ knex, directory: __dirname })
        const { steps } = await rev.upgrade()
        expect(steps.map((step) => step.revision)).toEqual(['typed', 'plain'])
        await knex.destroy()
      })
    `
    const project = createTempProject({ type: null, packages: false, files: { 'rev.test.js': test } })
    project.revision({
      revision: 'typed',
      upgrade: `await knex.schema.createTable('a', (t) => { t.increments('id') })`,
    })
    project.write(
      'versions/plain_second.js',
      `exports.revision = 'plain'
      exports.down_revision = 'typed'
      exports.upgrade = (knex) => knex.schema.createTable('b', (table) => { table.increments('id') })
      exports.downgrade = (knex) => knex.schema.dropTable('b')\n`,
    )
    project.write('jest.config.json', JSON.stringify({ transform: {}, testEnvironment: 'node' }))
    installTarball(tarball, project.path)

    await succeeds(node(project, join(repository, 'node_modules/jest/bin/jest.js'), '--config', 'jest.config.json'))
  })
})

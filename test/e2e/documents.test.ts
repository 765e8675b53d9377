import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import knex from 'knex'
import { expect, test } from 'vitest'
import { rowsOf } from '../support/behaviour.ts'
import { describeEachDialect } from '../support/databases.ts'
import { documentExamples } from '../support/document-examples.ts'
import { repository, run, start } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

/*
 * Runs the examples of the documents as they stand; those of the README have a test of their own. What an example takes for
 * granted (tables, the configuration, a function) stands around it here.
 */

const documents = new Map(
  readdirSync(join(repository, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => [name, documentExamples(`docs/${name}`)]),
)
const example = (document: string, holding: string): string => documents.get(document)?.take(holding) ?? ''
const cut = (text: string, from: string, to: string): string =>
  text.slice(text.indexOf(from), text.indexOf(to) + to.length)

const CONFIG = `{ client: 'better-sqlite3', connection: { filename: 'dev.sqlite3' }, useNullAsDefault: true }`

function projectWith(rev = '', files: Readonly<Record<string, string>> = {}): TempProject {
  const knexfile = `export default { ...${CONFIG},\n${rev}\n}\n`
  return createTempProject({ files: { 'knexfile.js': knexfile, ...files } })
}

async function ask(at: TempProject, sql: string): Promise<unknown> {
  const database = knex({
    client: 'better-sqlite3',
    connection: { filename: join(at.path, 'dev.sqlite3') },
    useNullAsDefault: true,
  })
  try {
    return await database.raw(sql)
  } finally {
    await database.destroy()
  }
}

async function done(at: TempProject, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await at.rev(args)
  expect(code, stderr).toBe(0)
  return stdout
}

/** Types each line of an example of the shell. */
async function type(at: TempProject, script: string): Promise<string> {
  const typed = script.replaceAll(/^(?:npx )?rev /gm, `'${process.execPath}' '${join(repository, 'bin/rev.js')}' `)
  const { code, stdout, stderr } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', typed], { cwd: at.path })
  expect(code, stderr).toBe(0)
  return stdout
}

const SHOP = `await knex.schema.createTable('countries', (t) => { t.string('code').primary(); t.string('name') })
  await knex.schema.createTable('cities', (t) => { t.integer('id').primary(); t.string('name'); t.string('country') })
  await knex.schema.createTable('settings', (t) => { t.string('name'); t.string('value') })
  await knex.schema.createTable('measurements', (t) => t.integer('n'))`

/** A project at the revision that the examples of seeds depend on. */
async function shop(): Promise<TempProject> {
  const at = projectWith()
  at.revision({ revision: '2a95d8c6e304', extension: 'js', upgrade: SHOP })
  await done(at, 'upgrade')
  return at
}

test('seeds as files of each kind', async () => {
  const at = await shop()
  at.write('seeds/cities.ts', example('seeds.md', `export const seed = 'cities'`))
  at.write('seeds/countries.json', example('seeds.md', '"seed": "countries"'))
  at.write('seeds/settings.sql', example('seeds.md', '-- seed: settings'))
  const numbers = 'function* measurements() {\n  for (let n = 0; n < 2500; n += 1) yield { n }\n}\n'
  at.write('seeds/measurements.js', numbers + example('seeds.md', `export const seed = 'measurements'`))

  await done(at, 'seed', 'run')

  expect(await ask(at, 'select code, name from countries order by code')).toEqual([
    { code: 'AT', name: 'Austria' },
    { code: 'DE', name: 'Germany' },
  ])
  expect(await ask(at, 'select * from cities')).toEqual([{ id: 1, name: 'Wien', country: 'AT' }])
  expect(await ask(at, 'select count(*) as n from measurements')).toEqual([{ n: 2500 }])
  expect(await ask(at, 'select * from settings')).toEqual([{ name: 'theme', value: 'dark' }])
  await done(at, 'seed', 'undo', 'settings', '--yes-i-mean', join(at.path, 'dev.sqlite3'))
  expect(await ask(at, 'select * from settings')).toEqual([])
})

test('the same rows as CSV', async () => {
  const at = await shop()
  at.write('seeds/countries.csv', example('seeds.md', '# seed: countries'))

  await done(at, 'seed', 'run')

  expect(await ask(at, 'select code, name from countries order by code')).toEqual([
    { code: 'AT', name: 'Austria' },
    { code: 'DE', name: 'Germany, all of it' },
  ])
})

test('the commands for seeds', async () => {
  const at = await shop()
  at.write('seeds/.gitkeep', '')

  const [make = '', ...others] = example('seeds.md', 'rev seed make countries').split('\n')
  await type(at, make)
  const [made = ''] = readdirSync(join(at.path, 'seeds')).filter((name) => name.includes('countries'))
  at.write(`seeds/${made}`, at.read(`seeds/${made}`).replace('table_name', 'countries'))
  const said = await type(at, others.join('\n'))

  expect(said).toMatch(/^seed +done .* countries/m)
})

const CITIES = `export const seed = 'cities'
export const run = (knex, { upsert }) => upsert('cities', [{ id: 1, name: 'Wien', country: 'AT' }], { key: 'id' })
`

test('seeds without files, and what they return', async () => {
  const at = await shop()
  at.write('seeds/cities.js', CITIES)
  const program = example('seeds.md', 'createRev({ config, seeds: [countries, cities] })')
  const returned = example('seeds.md', 'console.log(seeds[0].value)')
  at.write('program.js', `const config = ${CONFIG}\n${program.replace('await rev.seed.run()', `${returned}$&`)}`)
  // The package itself, where a program finds it.
  at.clear('node_modules')
  mkdirSync(join(at.path, 'node_modules'))
  for (const name of ['knex', 'better-sqlite3']) {
    symlinkSync(join(repository, 'node_modules', name), join(at.path, 'node_modules', name))
  }
  symlinkSync(repository, join(at.path, 'node_modules/knex-rev'))

  const { code, stdout, stderr } = await start(process.execPath, ['program.js'], { cwd: at.path }).done

  expect(code, stderr).toBe(0)
  expect(stdout).toContain('inserted: 1')
  expect(await ask(at, 'select name from countries')).toEqual([{ name: 'Austria' }])
})

test('a backfill batch by batch', async () => {
  const at = projectWith()
  at.revision({
    revision: '1975ea83b712',
    extension: 'js',
    upgrade: `await knex.schema.createTable('users', (t) => {
      t.increments('id'); t.string('first_name'); t.string('last_name'); t.string('full_name') })
    await knex('users').insert([{ first_name: 'Ada', last_name: 'Lovelace' }, { first_name: 'Grace', full_name: 'G.' }])`,
  })
  at.write('versions/8f2c1d7e4a90_names.js', example('backfills.md', `export const revision = '8f2c1d7e4a90'`))

  await done(at, 'upgrade')

  expect(await ask(at, 'select full_name from users order by id')).toEqual([
    { full_name: 'Ada Lovelace' },
    { full_name: 'G.' },
  ])
})

test('what a revision that reads data gives to a script', async () => {
  const at = projectWith()
  at.revision({
    revision: 'aaa',
    extension: 'js',
    upgrade: `for (const user of await knex('users')) await knex('users').update({ email_key: user.email.toLowerCase() })`,
    extra: example('offline-sql.md', 'export async function offline(knex)'),
  })

  expect(await done(at, 'upgrade', '--sql', 'base:aaa')).toContain('update `users` set `email_key` = lower(email)')
})

test('the life of a database, from nothing', async () => {
  const at = projectWith()
  at.revision({
    revision: 'aaa',
    extension: 'js',
    upgrade: `await knex.schema.createTable('t', (t) => t.increments())`,
  })

  // Without a terminal there is nobody to ask.
  const said = await type(
    at,
    example('databases.md', 'npx rev setup').replace(
      /npx rev reset/,
      `$& --yes-i-mean '${join(at.path, 'dev.sqlite3')}'`,
    ),
  )

  expect(said).toMatch(/aaa/)
  expect(await ask(at, 'select version_num from rev_version')).toEqual([{ version_num: 'aaa' }])
})

describeEachDialect(
  'settings of the knexfile, and of a revision',
  (db) => {
    const limits = example('timeouts.md', 'tableLockTimeout')
    test.each([
      cut(limits, 'rev: {', '}'),
      example('databases.md', `schemas: ['public', 'billing']`),
      example('lock.md', `lock: 'lease'`),
    ])('are taken as they are written (%#)', async (rev) => {
      await db.empty()
      const at = createTempProject({
        files: { 'knexfile.js': `export default { client: 'pg', connection: '${db.url()}',\n${rev}\n}\n` },
      })
      at.revision({
        revision: 'aaa',
        extension: 'js',
        extra: limits.slice(limits.indexOf('export const config')),
        upgrade: `await knex.schema.createTable('t', (t) => t.increments())`,
      })

      await done(at, 'upgrade')

      expect(await rowsOf(db)).toEqual(['aaa'])
    })
  },
  { only: ['postgresql'] },
)

test('objects of JSON are those that are printed', async () => {
  const at = projectWith('', { 'versions/.gitkeep': '' })
  expect(JSON.parse(await done(at, 'heads', '--json'))).toEqual(JSON.parse(example('json.md', '"command": "heads"')))

  at.revision({ revision: '4f0c2a91d3be', extension: 'js', message: 'add country table' })
  const wrong = await at.rev(['upgrade', '4f0c2a91d3bf', '--json'])
  const { error, ...rest } = JSON.parse(example('json.md', '"REV_GRAPH_UNKNOWN_REVISION"'))
  expect(JSON.parse(wrong.stdout)).toMatchObject({ ...rest, error })
  expect(wrong.code).toBe(error.exit)

  const { stderr } = await at.rev(['upgrade', '--log-format', 'json'])
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'))
  const finished = lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'step:done')
  const shown = JSON.parse(example('json.md', '"event":"step:done"'))
  const { time, run: id, ms, message, statements, ...same } = shown
  expect(finished).toMatchObject(same)
  expect(Object.keys(finished)).toEqual(Object.keys(shown))
  expect(finished.message).toMatch(/^upgrade base -> 4f0c2a91d3be {2}add country table {2}\d+ ms$/)
})

test('the object of several databases has an entry for each', async () => {
  const databases = ['app', 'analytics', 'archive'].map(
    (name) => `${name}: { connection: { filename: '${name}.sqlite3' } }`,
  )
  const knexfile = `export default { client: 'better-sqlite3', useNullAsDefault: true, databases: { ${databases.join(', ')} } }`
  const at = createTempProject({ files: { 'knexfile.js': knexfile } })
  for (const name of ['app', 'analytics', 'archive']) {
    const upgrade = name === 'analytics' ? `throw new Error('no')` : ''
    at.write(
      `versions/${name}/aaa_x.js`,
      `export const revision = 'aaa'\nexport const down_revision = null\nexport async function upgrade() { ${upgrade} }\nexport async function downgrade() {}\n`,
    )
  }
  const { stdout } = await at.rev(['upgrade', '--all-databases', '--json'])
  const shown = JSON.parse(example('json.md', '"not-run"'))
  const brief = ({ database, state, result, error }: Record<string, { command?: string; code?: string } | null>) => ({
    ...{ database, state },
    result: result && { command: result.command },
    error: error && { code: error.code },
  })
  const printed = JSON.parse(stdout)
  expect({ ...printed, databases: printed.databases.map(brief) }).toMatchObject(shown)
})

test('no example is left that nothing runs', () => {
  expect([...documents.values()].flatMap((examples) => examples.left())).toEqual([])
})

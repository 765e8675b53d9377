import { randomBytes } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { describeEachDialect } from '../support/databases.ts'
import type { RunResult } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

// The parts that a driver might make of it, each of which must not show.
const SECRET = 'Zq7vKx'
const ANY_PIECE = /Zq7|vKx|q7vK/

const CLIENTS = [
  ['pg', 'postgres'],
  ['mysql2', 'mysql'],
] as const

/** URLs that cannot be read, or that a driver would read in another way than they are meant. */
const forms: [name: string, rest: string][] = [
  ['a bare /', `://root:1234/${SECRET}@127.0.0.1/db`],
  ['a bare ?', `://root:1234?${SECRET}@127.0.0.1/db`],
  ['a bare ? and =', `://root:1234?${SECRET}=${SECRET}@127.0.0.1/db`],
  ['a bare #', `://root:1234#${SECRET}@127.0.0.1/db`],
  ['a bare @ and /', `://root:p@${SECRET}/${SECRET}@127.0.0.1/db`],
  ['a bare @ and ?', `://root:p@${SECRET}?${SECRET}@127.0.0.1/db`],
  ['a bare / and letters before it', `://root:${SECRET}/${SECRET}@127.0.0.1/db`],
  ['one slash too few', `:/root:${SECRET}@127.0.0.1/db`],
  ['one slash too many', `:///root:${SECRET}@127.0.0.1/db`],
  ['a port for each of several hosts', `://root:${SECRET}@127.0.0.1:1,127.0.0.1:2/db`],
]

/** The places where a knexfile may hold a URL, and what is typed to get to it. */
const places: [name: string, knexfile: (client: string, url: string) => string, typed?: string[]][] = [
  ['a text', (client, url) => `{ client: '${client}', connection: ${url} }`],
  ['an object', (client, url) => `{ client: '${client}', connection: { ${field(client)}: ${url} } }`],
  ['a function that gives a text', (client, url) => `{ client: '${client}', connection: () => ${url} }`],
  [
    'a function that gives an object',
    (client, url) => `{ client: '${client}', connection: async () => ({ ${field(client)}: ${url} }) }`,
  ],
  [
    'one of several environments',
    (client, url) => `{ development: {}, staging: { client: '${client}', connection: ${url} } }`,
    ['--env', 'staging'],
  ],
  [
    'one of several databases',
    (client, url) => `{ databases: { shop: { client: '${client}', connection: ${url} }, logs: {} } }`,
    ['--database', 'shop'],
  ],
]
const field = (client: string): string => (client === 'pg' ? 'connectionString' : 'uri')

function projectWith(knexfile: string): TempProject {
  const project = createTempProject({ files: { 'knexfile.js': `export default ${knexfile}\n` } })
  project.revision({ revision: 'aaa' })
  return project
}

function expectRefused(ended: RunResult, isLog = false): void {
  expect(ended.stdout + ended.stderr).not.toMatch(ANY_PIECE)
  expect(ended.code, ended.stderr).toBe(2)
  expect(ended.stderr).toContain('REV_DATABASE_URL_UNREADABLE')
  if (!isLog) for (const code of ['%2F', '%40', '%3F']) expect(ended.stderr).toContain(code)
}

describe.each(CLIENTS)('the URL of %s', (client, scheme) => {
  test.each(forms)('with %s is refused, and no piece of the password shown', async (_name, rest) => {
    const url = `${scheme}${rest}`
    const project = projectWith(`{ client: '${client}', connection: process.env.DATABASE_URL }`)
    const env = { DATABASE_URL: url }

    expectRefused(await project.rev(['upgrade', 'head', '--verbose', '--raiseerr'], { env }))
    const json = await project.rev(['status', '--json', '--log-format', 'json'], { env })
    expectRefused(json, true)
    expect(JSON.parse(json.stdout).error).toMatchObject({
      code: 'REV_DATABASE_URL_UNREADABLE',
      details: { client },
      hint: expect.stringContaining('%2F'),
    })
  })

  test.each(places)('in the knexfile as %s', async (_name, knexfile, typed = []) => {
    for (const rest of [`://root:p@${SECRET}/${SECRET}@127.0.0.1/db`, `://root:1234?${SECRET}@127.0.0.1/db`]) {
      const project = projectWith(knexfile(client, JSON.stringify(`${scheme}${rest}`)))
      project.write('versions/shop/.keep', '')

      expectRefused(await project.rev(['current', ...typed]))
    }
  })

  test('on the command line, as a text and as JSON', async () => {
    const url = `${scheme}://root:p@${SECRET}/${SECRET}@127.0.0.1/db`
    const project = projectWith(`{ development: {} }`)
    for (const connection of [url, JSON.stringify({ [field(client)]: url })]) {
      expectRefused(await project.rev(['current', '--client', client, '--connection', connection]))
    }
  })

  test('for commands that need no database on the server yet', async () => {
    const url = `${scheme}://root:1234/${SECRET}@127.0.0.1/${SECRET}`
    const project = projectWith(`{ client: '${client}', connection: ${JSON.stringify(url)} }`)
    for (const command of [
      ['db', 'create'],
      ['db', 'drop', '--force'],
      ['db', 'wait', '--timeout', '5s'],
      ['db', 'dump'],
      ['setup'],
    ]) {
      const ended = await project.rev(command)
      expect(ended.stdout + ended.stderr, command.join(' ')).not.toMatch(ANY_PIECE)
      expect(ended.stderr).toContain('REV_DATABASE_URL_UNREADABLE')
    }
  })

  test('for a shadow', async () => {
    const project = projectWith(`{ client: '${client}', connection: {} }`)
    project.revision({ revision: 'bbb', down: 'aaa', upgrade: `await knex.schema.hasTable('t')` })
    for (const rest of [`://root:p@${SECRET}/${SECRET}@127.0.0.1/db`, `://root:1234?${SECRET}@127.0.0.1/db`]) {
      const ended = await project.rev(['upgrade', '--sql', 'head', '--shadow-url', `${scheme}${rest}`])

      expect(ended.stdout + ended.stderr).not.toMatch(ANY_PIECE)
      expect(ended.stderr).toMatch(/REV_OFFLINE_SHADOW_URL[\s\S]*%2F/)
    }
  })

  test('for SQLite, where it would be the name of a file', async () => {
    const url = `${scheme}://root:${SECRET}@127.0.0.1/db`
    for (const connection of [url, `"${url}"`, `${scheme}:/root:${SECRET}@127.0.0.1/db`]) {
      const project = projectWith(
        `{ client: 'better-sqlite3', connection: ${JSON.stringify(connection)}, useNullAsDefault: true }`,
      )
      const ended = await project.rev(['upgrade', 'head'])

      expect(ended.stdout + ended.stderr).not.toMatch(ANY_PIECE)
      expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('REV_DATABASE_CONFIG_REFUSED') })
    }
  })
})

describeEachDialect(
  'a URL that drivers read as it is meant',
  (db) => {
    const projectAt = (url: string): TempProject =>
      projectWith(`{ client: '${db.knexConfig().client}', connection: ${JSON.stringify(url)} }`)
    const isPostgres = db.dialect === 'postgresql'

    /** A user of the server, with the rights to its database, for one test. */
    async function makeUser(name: string, password: string): Promise<void> {
      const knex = db.knex()
      const [user, gone] = isPostgres
        ? [`create role "${name}" login password '${password}'`, `drop role "${name}"`]
        : [`create user '${name}'@'%' identified by '${password}'`, `drop user '${name}'@'%'`]
      await knex.raw(user)
      onTestFinished(async () => void (await knex.raw(gone)))
      if (!isPostgres) await knex.raw(`grant all on ${db.name}.* to '${name}'@'%'`)
    }
    const newName = (): string => `rev_user_${randomBytes(4).toString('hex')}`

    test('may have bare @ in a password', async () => {
      const user = newName()
      await makeUser(user, 'Zq7@v@Kx')
      const ended = await projectAt(db.url().replace(/\/\/[^@]*@/, `//${user}:Zq7@v@Kx@`)).rev(['db', 'ping'])

      expect(ended.code, ended.stderr).toBe(0)
      expect(ended.stdout).toContain(`${user}@`)
      expect(ended.stdout).not.toMatch(ANY_PIECE)
    })

    test('may have an @ in the user and the password among its parameters', async () => {
      const user = `${newName()}@home`
      await makeUser(user, 'Zq7@vKx')
      const place = db.url().replace(/^.*@/, '')
      const url = `${db.url().replace(/\/\/.*/, '')}//${place}?user=${user}&password=Zq7@vKx`
      const project = projectAt(url)

      const answered = await project.rev(['db', 'ping', '--json'])
      expect(answered).toMatchObject({ code: 0, stderr: '' })
      expect(JSON.parse(answered.stdout).database).toBe(`${user}@${place}`)
      expect(await project.rev(['db', 'create'])).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringContaining('is there already'),
      })
      const wrong = await projectAt(url.replace(place, '127.0.0.1:1/shop')).rev(['db', 'ping'])
      expect(wrong.code).toBe(1)
      expect(wrong.stdout + wrong.stderr).not.toMatch(ANY_PIECE)
    })

    test('may come from a function', async () => {
      const project = projectWith(
        `{ client: '${db.knexConfig().client}', connection: () => ${JSON.stringify(db.url())} }`,
      )
      const ended = await project.rev(['upgrade', 'head'])

      expect(ended.code, ended.stderr).toBe(0)
      expect(await db.knex()('rev_version').pluck('version_num')).toEqual(['aaa'])
    })
  },
  { only: ['postgresql', 'mysql'] },
)

test('a file of SQLite may have @ and : in its path', async () => {
  const project = projectWith(`{ client: 'better-sqlite3', connection: './da:ta/a@b.sqlite', useNullAsDefault: true }`)
  project.write('da:ta/.keep', '')
  const ended = await project.rev(['upgrade', 'head'])

  expect(ended.code, ended.stderr).toBe(0)
  expect(ended.stderr + ended.stdout).toContain('a@b.sqlite')
})

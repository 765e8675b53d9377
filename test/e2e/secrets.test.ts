import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachDialect } from '../support/databases.ts'
import { type RunResult, runRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

const user = `rev_user_${randomBytes(4).toString('hex')}`
// With characters that have to be encoded in an address: the encoded form must not show either.
const password = `s3cret/${randomBytes(6).toString('hex')}@?`
const traces = [password, encodeURIComponent(password), password.slice(0, 12)]

describeEachDialect(
  'a password',
  (db) => {
    let project: TempProject
    let url: string
    const wrong = () => url.replace(encodeURIComponent(password), encodeURIComponent(`${password}x`))

    beforeAll(async () => {
      const knex = db.knex()
      if (db.dialect === 'postgresql') {
        await knex.raw(`create role ${user} login superuser password '${password}'`)
      } else {
        await knex.raw(`create user '${user}'@'%' identified by '${password}'`)
        await knex.raw(`grant all on ${db.name}.* to '${user}'@'%'`)
      }
      url = db.url().replace(/\/\/[^@]*@/, `//${user}:${encodeURIComponent(password)}@`)
      project = createTempProject({ lifetime: 'manual' })
      const config = `{ client: '${db.knexConfig().client}', connection: process.env.DATABASE_URL }`
      project.write('knexfile.js', `export default ${config}\n`)
      project.revision({ revision: 'aaa', upgrade: `await knex.raw('select 1')` })
      project.revision({ revision: 'bbb', down: 'aaa', upgrade: `await knex.raw('select nothing from nowhere')` })
    })
    afterAll(async () => {
      project.remove()
      const gone = [`drop owned by ${user} cascade`, `drop role ${user}`]
      for (const sql of db.dialect === 'postgresql' ? gone : [`drop user '${user}'@'%'`]) await db.knex().raw(sql)
    })

    const expectNoTrace = ({ stdout, stderr }: RunResult): void => {
      for (const trace of traces) expect(stdout + stderr).not.toContain(trace)
    }
    const connections: [name: string, url: () => string][] = [
      ['right', () => url],
      ['wrong', wrong],
      ['sent to a port where nobody listens', () => url.replace(/:\d+\//, ':1/')],
      ['part of an address that cannot be read', () => url.replace('://', ':/')],
    ]
    // What is printed is of no use when the password was not used at all.
    test('lets the user in', async () => {
      const { code, stderr } = await project.rev(['current'], { env: { DATABASE_URL: url } })

      expect(code, stderr).toBe(0)
    })

    const commands = [
      ['current', '--json'],
      ['upgrade', 'head', '--verbose'],
      ['upgrade', 'head', '--json'],
      ['upgrade', 'head', '--raiseerr'],
    ]
    for (const [name, connection] of connections) {
      test(`that is ${name} is never printed`, async () => {
        for (const command of commands) {
          expectNoTrace(await runRev(command, { cwd: project.path, env: { DATABASE_URL: connection() } }))
        }
      })
    }

    test('on the command line is never printed', async () => {
      const client = String(db.knexConfig().client)
      const result = await project.rev(['upgrade', 'head', '--client', client, '--connection', wrong(), '--verbose'])

      expectNoTrace(result)
    })
  },
  { only: ['postgresql', 'mysql'] },
)

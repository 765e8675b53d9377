import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { revBin, start } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

/** What a process has used when it ends. */
interface Used {
  /** Of the processors, by all of its threads, in milliseconds. */
  readonly time: number
  /** From the start of the process, in milliseconds. */
  readonly clock: number
  /** The largest memory, in megabytes. */
  readonly memory: number
}

const REPORT = `import { writeFileSync } from 'node:fs'
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const used = { time: (userCPUTime + systemCPUTime) / 1000, clock: performance.now(), memory: maxRSS / 1024 }
  writeFileSync('used.json', JSON.stringify(used))
})
`

// Imports the same files and lets Knex compile what they build; nothing is written, checked or kept.
const bare = (client: string): string => `import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
const makeKnex = createRequire(import.meta.url)('knex')
const { client } = makeKnex({ client: '${client}', useNullAsDefault: true })
class Bare extends client.constructor {
  initializeDriver() {}
  initializePool() {}
  async acquireConnection() {
    return {}
  }
  async releaseConnection() {}
  async query(_connection, query) {
    if (typeof query !== 'string') {
      this.prepBindings(query.bindings ?? [])
      this.positionBindings(query.sql)
    }
    return {}
  }
  processResponse() {}
}
const knex = makeKnex({ client: Bare, connection: {}, useNullAsDefault: true })
for (const file of readdirSync('versions').sort()) {
  const { upgrade } = await import('./versions/' + file)
  await knex.transaction((trx) => upgrade(trx))
}
`

function project(client: string): TempProject {
  return createTempProject({
    files: {
      'knexfile.js': `export default { client: '${client}', connection: {}, useNullAsDefault: true }\n`,
      'report.js': REPORT,
      'bare.js': bare(client),
    },
  })
}

async function use(at: TempProject, script: string, args: readonly string[] = []): Promise<Used> {
  const { code, stderr } = await start(process.execPath, ['--import', './report.js', script, ...args], {
    cwd: at.path,
  }).done
  expect(stderr.replace('note: no target was given: upgrading to head\n', '')).toBe('')
  expect(code).toBe(0)
  return JSON.parse(readFileSync(`${at.path}/used.json`, 'utf8')) as Used
}

// Processor time and not the time on the clock: a busy machine doubles or trebles the latter, and more so for the process
// that has more threads. It counts V8's compiler and collector, too, which work beside the main thread.
const LIMIT = 1.5
const ROUNDS = 8

test.each(['pg', 'mysql2', 'better-sqlite3'])(
  'a script of 1,000 revisions costs little more than importing them and compiling what they build: %s',
  async (client) => {
    const many = project(client)
    for (let index = 0; index < 1000; index += 1) {
      many.revision({
        revision: `r${String(index).padStart(4, '0')}`,
        down: index === 0 ? null : `r${String(index - 1).padStart(4, '0')}`,
        extension: 'js',
        upgrade: `
  await knex.schema.createTable('t${index}', (table) => {
    table.increments('id')
    table.string('name', 120).notNullable().defaultTo('x')
    table.text('notes')
    table.integer('amount').index()
    table.boolean('active').notNullable().defaultTo(true)
    table.timestamp('created_at').defaultTo(knex.fn.now())
    table.unique(['name', 'amount'])
  })
  await knex('t${index}').insert([{ name: 'a', amount: 1 }, { name: 'b', amount: 2 }])
  await knex.raw('update t${index} set notes = ? where name = ?', ['it is', 'a'])`,
      })
    }
    // The least of each, in turns: what others do on this machine meanwhile (caches, switches of tasks) only ever adds.
    const alone: Used[] = []
    const script: Used[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      alone.push(await use(many, 'bare.js'))
      script.push(await use(many, revBin, ['upgrade', '--sql', '--output', 'up.sql']))
    }
    const least = (of: 'time' | 'clock', runs: readonly Used[]): number => Math.min(...runs.map((used) => used[of]))
    const ratio = least('time', script) / least('time', alone)
    const onTheClock = (least('clock', script) / least('clock', alone)).toFixed(2)
    console.log(
      `${client}: ${ratio.toFixed(2)} times the processor time of the bare process, ${onTheClock} on the clock`,
    )
    expect(many.read('up.sql').match(/^create table ["`]t\d+/gm)).toHaveLength(1000)
    expect(ratio).toBeLessThan(LIMIT)
  },
)

test('memory does not grow with the length of a script', async () => {
  const rows = (megabytes: number): TempProject => {
    const at = project('better-sqlite3')
    at.revision({ revision: 'a1', extension: 'js', upgrade: "await knex.schema.createTable('t', (t) => t.text('x'))" })
    at.revision({
      revision: 'b1',
      down: 'a1',
      extension: 'js',
      upgrade: `for (let index = 0; index < ${megabytes}; index += 1) await knex('t').insert({ x: String(index).repeat(1e6).slice(0, 1e6) })`,
    })
    return at
  }
  // The least of two: when its collector comes late, a process may have held what it needed no more.
  const least = async (megabytes: number): Promise<number> => {
    const at = rows(megabytes)
    const once = async (): Promise<number> => (await use(at, revBin, ['upgrade', '--sql', '--output', 'up.sql'])).memory
    return Math.min(await once(), await once())
  }
  const short = await least(100)
  const long = await least(250)
  console.log(`memory for 100 MB: ${short.toFixed(0)} MB, for 250 MB: ${long.toFixed(0)} MB`)
  expect(long - short).toBeLessThan(60)
})

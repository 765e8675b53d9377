import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Knex } from 'knex'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { isRevError } from '../../../src/errors/index.ts'
import { renderScript } from '../../../src/offline/render-script.ts'
import type { RenderScriptOptions } from '../../../src/offline/script-parts.ts'
import { type Operation, scriptOf, scriptsOf, type Work } from '../../integration/offline/history.ts'
import { tempDirectory } from '../../support/temp-project.ts'

const HERE = new URL(import.meta.url).pathname

/** The line in this file that uses the table or text of that name. */
const lineOf = (name: string): number =>
  readFileSync(HERE, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(`t_${name.replaceAll(' ', '_')}`)) + 1

const usual = (operations: readonly Operation[]): Omit<RenderScriptOptions, 'write' | 'plan'> => ({
  direction: 'upgrade',
  startRows: [],
  scripts: scriptsOf(operations),
  knexConfig: { client: 'pg' },
  projectDirectory: process.cwd(),
  settings: { versionTable: 'rev_version', schema: undefined, role: undefined },
  x: {},
  tag: undefined,
  signal: new AbortController().signal,
})

/** Renders with everything the usual way but what is given. */
async function render(operations: readonly Operation[], options: Partial<RenderScriptOptions>): Promise<string> {
  let text = ''
  await renderScript({
    ...usual(operations),
    plan: { steps: [], rows: [] },
    write: (piece) => {
      text += piece
    },
    ...options,
  })
  return text
}

/** The lines that match, without what leads them in. */
const statementsOf = (script: string, wanted: RegExp): string[] =>
  script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => wanted.test(line))

/** The error of a history whose second revision is the given one, and what was written until then. */
async function failure(upgrade: Work, client = 'pg', transaction?: false) {
  const operations: Operation[] = [
    { title: 'good', upgrade: (knex) => knex.schema.dropTable('good') },
    { title: 'bad', upgrade, ...(transaction === false ? { transaction } : {}) },
  ]
  let text = ''
  const steps = ['r001', 'r002'].map((revision) => ({ direction: 'upgrade' as const, revision, rows: [revision] }))
  const error: unknown = await render(operations, {
    plan: { steps, rows: ['r002'] },
    knexConfig: { client, useNullAsDefault: true },
    write: (piece) => {
      text += piece
    },
  }).catch((caught: unknown) => caught)
  if (!isRevError(error)) throw error
  return { code: error.code, details: error.details as unknown as Record<string, unknown>, text }
}

describe('a script', () => {
  test('has a header, and each revision under its banner with its version rows in its transaction', async () => {
    const script = await scriptOf(
      [
        { title: 'first', upgrade: (knex) => knex.schema.createTable('a', (table) => table.integer('n')) },
        { title: 'second', transaction: false, upgrade: (knex) => knex('a').insert({ n: 1 }) },
      ],
      'pg',
      { schema: 'app' },
    )
    const header = script
      .slice(0, script.indexOf('\n\n'))
      .replace(/rev \d+\.\d+\.\S+ with knex \d+\.\S+/, 'rev 0.0.0 with knex')
    expect(header).toMatch(
      /^-- upgrade base -> r002, for postgresql, written by rev 0\.0\.0 with knex \(script format 1\)\n/,
    )
    expect(header).toContain('-- version table: app.rev_version\n')
    expect(header).toMatch(/^-- revisions: 2\n-- {3}r001 {2}first\n-- {7}sha256:\w{64}\n-- {3}r002 {2}second\n/m)
    const steps = script.slice(script.indexOf('-- ====='))
    expect(statementsOf(steps, /^(?:-- =====|BEGIN;|COMMIT;|create|insert into|UPDATE)|version_num\) VALUES/)).toEqual([
      '-- ===== (1/2) upgrade base -> r001, first =====',
      'BEGIN;',
      'create table "a" ("n" integer);',
      `INSERT INTO "app"."rev_version" (version_num) VALUES ('r001');`,
      'COMMIT;',
      '-- ===== (2/2) upgrade r001 -> r002, second [no transaction] =====',
      `insert into "a" ("n") values ('1');`,
      'BEGIN;',
      `UPDATE "app"."rev_version" SET version_num = 'r002' WHERE version_num = 'r001';`,
      'COMMIT;',
    ])
  })

  test('says in its header what everything below hashes to', async () => {
    const script = await scriptOf([{ title: 'a', upgrade: (knex) => knex.schema.dropTable('a') }], 'better-sqlite3')
    const [, said, below = ''] = /^-- sha256 of everything below this line: (\w+)\n([\s\S]*)$/m.exec(script) ?? []
    expect(createHash('sha256').update(below).digest('hex')).toBe(said)
  })

  test('of a stamp changes rows only', async () => {
    const plan = { steps: [{ direction: 'stamp' as const, revision: 'r002', rows: ['r002'] }], rows: ['r002'] }
    const operations = [
      { title: 'a', upgrade: () => {} },
      { title: 'b', upgrade: () => Promise.reject(new Error('run')) },
    ]
    const moved = await render(operations, { direction: 'stamp', plan, startRows: ['r001'] })
    expect(moved).toContain('-- ===== (1/1) stamp r001 -> r002 =====\n')
    expect(moved).toContain(`UPDATE "rev_version" SET version_num = 'r002' WHERE version_num = 'r001'`)
  })

  test('without steps says so and holds no statement', async () => {
    const script = await render([], {})
    expect(script).toContain('-- Nothing to do: this script changes nothing.\n')
    expect(script.split('\n').filter((line) => line !== '' && !line.startsWith('--'))).toEqual([])
  })

  test('of ensure-version is the version table alone', async () => {
    const script = await render([], { direction: 'ensure-version', knexConfig: { client: 'mysql2' } })
    expect(script).toMatch(/^-- ensure-version, for mysql,/)
    expect(script.match(/create table .*rev_version/gi)).toHaveLength(1)
    expect(script).not.toContain('rev_event')
  })

  test('takes role and search path, and the character set of a MySQL connection', async () => {
    const settings = { versionTable: 'v', schema: undefined, role: 'my"role' }
    const options = { direction: 'ensure-version' as const, settings }
    const postgres = await render([], { ...options, knexConfig: { client: 'pg', searchPath: ['a', 'b"c'] } })
    expect(postgres).toContain('SET ROLE "my""role";\nSET search_path TO "a", "b""c";\n')
    const knexConfig = { client: 'mysql2', connection: { charset: 'UTF8MB4_BIN' } }
    const mysql = await render([], { direction: 'ensure-version', knexConfig })
    expect(mysql).toContain('SET NAMES utf8mb4 COLLATE utf8mb4_bin;')
    const older = await render([], { direction: 'ensure-version', knexConfig: { client: 'mysql' } })
    expect(older).toContain('SET NAMES utf8mb3 /*!50700 COLLATE utf8mb3_general_ci */;')
  })

  test('needs no driver, no connection and no function for one, and never prints what they hold', async () => {
    let called = false
    const connection = () => {
      called = true
      return Promise.reject(new Error('connected'))
    }
    await scriptOf([{ title: 'a', upgrade: (knex) => knex.schema.dropTable('a') }], 'pg', {
      knexConfig: { connection },
    })
    expect(called).toBe(false)
    const secret = { connection: 'postgres://user:hunter2@127.0.0.1:1/db' }
    const script = await scriptOf([{ title: 'a', upgrade: (knex) => knex.schema.dropTable('a') }], 'pg', {
      knexConfig: secret,
    })
    expect(script).not.toMatch(/hunter2|127\.0\.0\.1/)
  })

  test('goes through wrapIdentifier, and what was written is no response', async () => {
    const knexConfig: Knex.Config = {
      wrapIdentifier: (value, wrap) => wrap(value.toUpperCase()),
      postProcessResponse: () => {
        throw new Error('asked')
      },
    }
    const script = await scriptOf([{ title: 'a', upgrade: (knex) => knex('users').insert({ id: 1 }) }], 'pg', {
      knexConfig,
    })
    expect(script).toContain(`insert into "USERS" ("ID") values ('1')`)
    expect(script).toContain('INSERT INTO "rev_version"')
  })

  test('tells the revision where it is', async () => {
    const seen: unknown[] = []
    const upgrade: Work = (_knex, { x, dialect, direction, offline }) => seen.push({ x, dialect, direction, offline })
    await scriptOf([{ title: 'a', upgrade }], 'mysql2', { x: { a: 'b' } })
    expect(seen).toEqual([{ x: { a: 'b' }, dialect: 'mysql', direction: 'upgrade', offline: true }])
  })

  test('for another database is refused before anything is written', async () => {
    let text = ''
    const write = (piece: string) => {
      text += piece
    }
    await expect(render([], { knexConfig: { client: 'mssql' }, write })).rejects.toMatchObject({
      code: 'REV_OFFLINE_DIALECT',
      details: { dialect: 'mssql' },
    })
    expect(text).toBe('')
  })

  test('of a downgrade that cannot be is refused before anything is written', async () => {
    let text = ''
    const operations = [{ title: 'a', upgrade: () => {} }]
    const steps = [{ direction: 'downgrade' as const, revision: 'r001', rows: [] }]
    const write = (piece: string) => {
      text += piece
    }
    const refused = render(operations, {
      direction: 'downgrade',
      plan: { steps, rows: [] },
      startRows: ['r001'],
      write,
    })
    await expect(refused).rejects.toMatchObject({
      code: 'REV_IRREVERSIBLE',
      details: { revisions: [{ revision: 'r001', reason: 'a test' }] },
    })
    expect(text).toBe('')
  })
})

describe('a revision that reads rows stops with its place and the query', () => {
  test.each<[string, Work]>([
    ['select', (knex) => knex('t_select').select('id')],
    ['await of a select', async (knex) => void (await knex('t_await_of_a_select'))],
    ['first', (knex) => knex('t_first').first()],
    ['pluck', (knex) => knex('t_pluck').pluck('id')],
    ['count', (knex) => knex('t_count').count()],
    [
      'stream',
      async (knex) => {
        for await (const _ of knex('t_stream').stream()) break
      },
    ],
    ['inside', (knex) => knex.transaction((trx) => trx('t_inside').first())],
    [
      'caught',
      (knex) =>
        knex('t_caught')
          .first()
          .catch(() => undefined),
    ],
  ])('%s', async (mark, upgrade) => {
    for (const client of ['pg', 'mysql2', 'better-sqlite3']) {
      const { code, details } = await failure(upgrade, client)
      expect({ code, ...details }).toMatchObject({
        code: 'REV_OFFLINE_READ',
        revision: 'r002',
        file: HERE,
        resultOnly: false,
      })
      expect(details.query).toMatch(/select|pragma|show/i)
      expect(details.line).toBe(lineOf(mark))
    }
  })

  test('and ends the script there when that is asked for', async () => {
    const operations: Operation[] = [
      { title: 'good', upgrade: (knex) => knex.schema.dropTable('good') },
      {
        title: 'bad',
        transaction: false,
        upgrade: async (knex) => {
          await knex.schema.createTable('half', (table) => table.integer('n'))
          return knex('t_comment').first()
        },
      },
      { title: 'never', upgrade: () => Promise.reject(new Error('run')) },
    ]
    const steps = ['r001', 'r002', 'r003'].map((revision) => ({
      direction: 'upgrade' as const,
      revision,
      rows: [revision],
    }))
    let text = ''
    const result = await renderScript({
      ...usual(operations),
      plan: { steps, rows: ['r003'] },
      onDataRead: 'comment',
      write: (piece) => {
        text += piece
      },
    })
    expect(result).toMatchObject({ revisions: ['r001'], rows: ['r001'], stopsBefore: 'r002' })
    expect(text).toContain('-- STOPS before r002, which reads rows')
    expect(text).toContain('drop table "good"')
    expect(text).toMatch(/-- rev CANNOT WRITE WHAT FOLLOWS\n(?:--.*\n)*--.*t_comment/)
    expect(text).not.toContain('half')
    expect(text).not.toContain(process.cwd())
    expect(text).toMatch(/RAISE EXCEPTION '[^']*revision r002 reads rows here/)
  })
})

describe('the result of a statement', () => {
  test.each<[string, Work]>([
    ['rows', async (knex) => (await knex.raw('select t_rows()')).rows],
    [
      'destructured',
      async (knex) => {
        const [id] = await knex('t_destructured').insert({ b: 1 }).returning('id')
        return id
      },
    ],
    ['text', async (knex) => `${await knex('t_text').update({ b: 1 })}`],
    ['arithmetic', async (knex) => ((await knex('t_arithmetic').del()) as number) + 1],
    ['spread', async (knex) => ({ ...(await knex.raw('select t_spread()')) })],
  ])('cannot be used: %s', async (mark, upgrade) => {
    const { code, details } = await failure(upgrade)
    expect({ code, ...details }).toMatchObject({ code: 'REV_OFFLINE_READ', resultOnly: true, file: HERE })
    expect(details.line).toBe(lineOf(mark))
  })

  test('can be thrown away', async () => {
    const upgrade: Work = async (knex) => {
      const kept = [
        await knex.raw('delete from t'),
        await knex.batchInsert('a', [{ b: 1 }]),
        await knex('a').insert({}),
      ]
      return Promise.all(kept)
    }
    for (const client of ['pg', 'mysql2', 'better-sqlite3']) {
      await expect(scriptOf([{ title: 'a', upgrade }], client)).resolves.toContain('delete from t;')
    }
  })

  test('is a list where that of a run is one', async () => {
    const statements: readonly (readonly [string, (knex: Knex) => unknown])[] = [
      ['insert', (knex) => knex('a').insert({ b: 1 })],
      ['insert returning', (knex) => knex('a').insert({ b: 1 }).returning('b')],
      ['update', (knex) => knex('a').update({ b: 1 })],
      ['update returning', (knex) => knex('a').update({ b: 1 }).returning('b')],
      ['increment', (knex) => knex('a').increment('b')],
      ['delete', (knex) => knex('a').del()],
      ['raw', (knex) => knex.raw('delete from a')],
      ['raw returning', (knex) => knex.raw('delete from a returning *')],
      ['raw naming it', (knex) => knex.raw("delete from a where b = 'returning'")],
      ['schema', (knex) => knex.schema.dropTable('a')],
      ['batches', (knex) => knex.batchInsert('a', [{ b: 1 }])],
    ]
    const listsOf = async (client: string): Promise<string[]> => {
      const lists: string[] = []
      const upgrade: Work = async (knex) => {
        for (const [title, work] of statements) if (Array.isArray(await work(knex))) lists.push(title)
      }
      await scriptOf([{ title: 'a', upgrade }], client)
      return lists
    }
    expect(await listsOf('pg')).toEqual(['insert returning', 'update returning', 'batches'])
    const returning = ['insert', 'insert returning', 'update returning', 'raw returning', 'batches']
    expect(await listsOf('better-sqlite3')).toEqual(returning)
    expect(await listsOf('mysql2')).toEqual([
      ...['insert', 'insert returning', 'raw', 'raw returning', 'raw naming it', 'schema', 'batches'],
    ])
  })

  test.each<[string, Work]>([
    ['list', async (knex) => (await knex('t_list').insert({ b: 1 }))[0]],
    ['length', async (knex) => (await knex('t_length').insert({ b: 1 })).length],
    ['flat', async (knex) => [await knex('t_flat').insert({ b: 1 })].flat()],
    ['each', async (knex) => (await knex.batchInsert('t_each', [{ b: 1 }], 1)).map((id) => `${id}`)],
  ])('cannot be used as a list either: %s', async (mark, upgrade) => {
    const { code, details } = await failure(upgrade, 'mysql2')
    expect({ code, ...details }).toMatchObject({ code: 'REV_OFFLINE_READ', resultOnly: true, file: HERE })
    expect(details.line).toBe(lineOf(mark))
  })
})

describe('a revision is held to the rules of a run', () => {
  test.each<[string, string, Work]>([
    [
      'forgotten',
      'REV_STEP_FORGOTTEN',
      (knex) => {
        knex('t_forgotten').insert({ b: 1 })
      },
    ],
    ['concurrent', 'REV_STEP_CONCURRENT_TRANSACTION', (knex) => knex.transaction(() => knex('t_concurrent').del())],
    ['ended', 'REV_STEP_TRANSACTION_ENDED', (knex) => knex.raw('commit /* t_ended */')],
    [
      'ended among others',
      'REV_STEP_TRANSACTION_ENDED',
      (knex) => knex.raw('select 1; begin; /* t_ended_among_others */ commit; select 2'),
    ],
    ['destroyed', 'REV_STEP_DESTROYED_HANDLE', (knex) => knex.destroy() /* t_destroyed */],
    ['unbound', 'REV_STEP_UNBOUND_PLACEHOLDER', (knex) => knex.raw('select ? from t_unbound')],
    ['value', 'REV_OFFLINE_LITERAL', (knex) => knex('t_value').insert({ b: 'x\0y' })],
    ['statement', 'REV_OFFLINE_STATEMENT', (knex) => knex.raw("select 't_statement")],
    [
      'thrown',
      'REV_OFFLINE_FAILED',
      () => {
        throw new Error('t_thrown')
      },
    ],
  ])('%s is %s', async (mark, code, upgrade) => {
    const failed = await failure(upgrade)
    expect(failed.code).toBe(code)
    expect(failed.details).toMatchObject({ revision: 'r002', file: HERE, line: lineOf(mark) })
  })
})

describe('a transaction that a revision without one opens by SQL', () => {
  const through =
    (...texts: readonly string[]): Work =>
    async (knex) => {
      for (const sql of texts) await knex.raw(sql)
    }

  test.each<[string, string[]]>([
    ['pg', ['begin /* left open */']],
    ['pg', ['delete from a; begin; delete from b']],
    ['pg', ['begin', 'create table a (b int)']],
    ['mysql2', ['/* for all */ start transaction', 'delete from a']],
    ['better-sqlite3', ['begin immediate', 'create table a (b)']],
    ['better-sqlite3', ['begin', 'savepoint one', 'rollback to one']],
    ['pg', ['begin', 'commit', 'begin']],
  ])('cannot be left open: %s, %j', async (client, texts) => {
    const { code, details } = await failure(through(...texts), client, false)
    expect({ code, ...details }).toMatchObject({ code: 'REV_OFFLINE_STATEMENT', revision: 'r002', file: HERE })
    expect(details.query).toMatch(/begin|start transaction/)
  })

  test.each<[string, string[]]>([
    ['pg', ['begin', 'delete from a', 'commit']],
    ['pg', ['begin; delete from a; end']],
    ['mysql2', ['begin', 'delete from a', 'rollback']],
    ['mysql2', ['begin', 'create table a (b int)']],
    ['mysql2', ['begin not atomic delete from a; end']],
    ['better-sqlite3', ['begin', 'delete from a', '-- done\nend']],
  ])('may be ended: %s, %j', async (client, texts) => {
    const operation: Operation = { title: 'a', transaction: false, upgrade: through(...texts) }
    await expect(scriptOf([operation], client)).resolves.toContain(texts[0]?.slice(0, 5))
  })
})

describe('a script that breaks off', () => {
  test('gives nothing of itself', async () => {
    const { text, details, code } = await failure(async (knex) => {
      await knex.schema.dropTable('b')
      throw new Error('half way')
    })
    expect(text).toBe('')
    expect({ code, ...details }).toMatchObject({ code: 'REV_OFFLINE_FAILED', reason: 'half way', done: ['r001'] })
  })

  test('because nobody takes it ends with what the receiver threw, and leaves no file behind', async () => {
    vi.stubEnv('TMPDIR', tempDirectory())
    onTestFinished(() => void vi.unstubAllEnvs())
    const failed = new Error('closed')
    const operations = [{ title: 'a', upgrade: (knex: Knex) => knex.schema.dropTable('a') }]
    const steps = [{ direction: 'upgrade' as const, revision: 'r001', rows: ['r001'] }]
    const write = () => {
      throw failed
    }
    await expect(render(operations, { plan: { steps, rows: ['r001'] }, write })).rejects.toBe(failed)
    expect(readdirSync(tmpdir())).toEqual([])
  })

  test('because of an interruption says by what', async () => {
    const controller = new AbortController()
    const operations = [{ title: 'a', upgrade: () => controller.abort('SIGTERM') }]
    const steps = [{ direction: 'upgrade' as const, revision: 'r001', rows: ['r001'] }]
    await expect(
      render(operations, { plan: { steps, rows: ['r001'] }, signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'REV_TERMINATED' })
  })
})

test('a receiver that is slow gets one piece after the other', async () => {
  let isWriting = false
  let text = ''
  const steps = [{ direction: 'upgrade' as const, revision: 'r001', rows: ['r001'] }]
  const upgrade: Work = async (knex) => {
    for (let index = 0; index < 20; index++) await knex('a').insert({ b: 'x'.repeat(20_000) })
  }
  await render([{ title: 'a', upgrade }], {
    plan: { steps, rows: ['r001'] },
    write: async (piece) => {
      expect(isWriting).toBe(false)
      isWriting = true
      await new Promise((resolve) => setImmediate(resolve))
      text += piece
      isWriting = false
    },
  })
  expect(text.match(/^insert into "a"/gm)).toHaveLength(20)
})

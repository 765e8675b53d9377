import { readFileSync } from 'node:fs'
import type { Knex } from 'knex'
import { describe, expect, test } from 'vitest'
import { isRevError } from '../../../src/errors/index.ts'
import { renderScript } from '../../../src/offline/render-script.ts'
import type { RenderScriptOptions } from '../../../src/offline/script-parts.ts'
import { type Operation, scriptOf, scriptsOf, type Work } from '../../integration/offline/history.ts'

const HERE = new URL(import.meta.url).pathname

/** The line in this file that uses the table or text of that name. */
const lineOf = (name: string): number =>
  readFileSync(HERE, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(`t_${name.replaceAll(' ', '_')}`)) + 1

/** Renders with everything the usual way but what is given. */
async function render(operations: readonly Operation[], options: Partial<RenderScriptOptions>): Promise<string> {
  let text = ''
  await renderScript({
    direction: 'upgrade',
    plan: { steps: [], rows: [] },
    startRows: [],
    scripts: scriptsOf(operations),
    knexConfig: { client: 'pg' },
    projectDirectory: process.cwd(),
    settings: { versionTable: 'rev_version', schema: undefined, role: undefined },
    x: {},
    tag: undefined,
    signal: new AbortController().signal,
    write: (piece) => {
      text += piece
    },
    ...options,
  })
  return text
}

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
  test('has a header, the settings of the session, the version table, and a transaction for each revision', async () => {
    const script = await scriptOf(
      [
        { title: 'first', upgrade: (knex) => knex.schema.createTable('a', (table) => table.integer('n')) },
        { title: 'second', transaction: false, upgrade: (knex) => knex('a').insert({ n: 1 }) },
      ],
      'pg',
      { schema: 'app' },
    )
    expect(
      script.replace(/rev \d+\.\d+\.\S+/, 'rev 0.0.0'),
    ).toBe(`-- upgrade base -> r002, for postgresql, written by rev 0.0.0
-- run with: psql -X -v ON_ERROR_STOP=1 -d DATABASE -f FILE
-- version table: app.rev_version
-- revisions: 2
--   r001  first
--   r002  second

\\set ON_ERROR_STOP on
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

create schema if not exists "app";

create table if not exists "app"."rev_version" (version_num varchar(255) not null, constraint "rev_version_pkc" primary key (version_num));

-- Running upgrade base -> r001, first

BEGIN;

create table "a" ("n" integer);

INSERT INTO "app"."rev_version" (version_num) VALUES ('r001');

COMMIT;

-- Running upgrade r001 -> r002, second

insert into "a" ("n") values ('1');

BEGIN;

UPDATE "app"."rev_version" SET version_num = 'r002' WHERE version_num = 'r001';

COMMIT;

`)
  })

  test('for SQLite turns foreign keys on again for a revision without a transaction, as the driver has them', async () => {
    const script = await scriptOf(
      [{ title: 'x', transaction: false, upgrade: (knex) => knex('a').del() }],
      'better-sqlite3',
    )
    expect(script).toContain('PRAGMA foreign_keys = ON;\n\ndelete from `a`;\n\nBEGIN IMMEDIATE;')
    expect(
      await scriptOf([{ title: 'x', transaction: false, upgrade: (knex) => knex('a').del() }], 'sqlite3'),
    ).not.toContain('PRAGMA foreign_keys = ON')
  })

  test('of a stamp changes rows only', async () => {
    const plan = { steps: [{ direction: 'stamp' as const, revision: 'r002', rows: ['r002'] }], rows: ['r002'] }
    const operations = [
      { title: 'a', upgrade: () => {} },
      { title: 'b', upgrade: () => Promise.reject(new Error('run')) },
    ]
    const moved = await render(operations, { direction: 'stamp', plan, startRows: ['r001'] })
    expect(moved).toContain(
      '-- Running stamp r001 -> r002\n\nBEGIN;\n\nUPDATE "rev_version" SET version_num = \'r002\'',
    )
    expect(moved).not.toContain('create table')
  })

  test('without steps says so and changes nothing', async () => {
    expect(await render([], {})).toMatch(/= on;\n\n-- Nothing to do: this script changes nothing\.\n$/)
  })

  test('of ensure-version is the version table alone', async () => {
    const script = await render([], { direction: 'ensure-version', knexConfig: { client: 'mysql2' } })
    expect(script).toMatch(/^-- ensure-version, for mysql,/)
    expect(script.match(/^create .*$/gm)).toHaveLength(1)
    expect(script).not.toContain('BEGIN')
  })

  test('takes role and search path, and the character set of a MySQL connection', async () => {
    const settings = { versionTable: 'v', schema: undefined, role: 'my"role' }
    const postgres = await render([], { settings, knexConfig: { client: 'pg', searchPath: ['a', 'b"c'] } })
    expect(postgres).toContain('SET ROLE "my""role";\nSET search_path TO "a", "b""c";\n')
    const knexConfig = { client: 'mysql2', connection: { charset: 'UTF8MB4_BIN' } }
    expect(await render([], { knexConfig })).toContain('SET NAMES utf8mb4 COLLATE utf8mb4_bin;')
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

  test('goes through wrapIdentifier and not through postProcessResponse', async () => {
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

describe('a revision that reads the database stops with its place and the query', () => {
  test.each<[string, Work]>([
    ['select', (knex) => knex('t_select').select('id')],
    ['await of a select', async (knex) => void (await knex('t_await_of_a_select'))],
    ['first', (knex) => knex('t_first').first()],
    ['pluck', (knex) => knex('t_pluck').pluck('id')],
    ['count', (knex) => knex('t_count').count()],
    ['columnInfo', (knex) => knex('t_columnInfo').columnInfo()],
    ['hasTable', (knex) => knex.schema.hasTable('t_hasTable')],
    ['hasColumn', (knex) => knex.schema.hasColumn('t_hasColumn', 'id')],
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

  test.each<[string, string, Work]>([
    ['setNullable', 'mysql2', (knex) => knex.schema.alterTable('t_setNullable', (table) => table.setNullable('b'))],
    [
      'dropColumn',
      'better-sqlite3',
      (knex) => knex.schema.alterTable('t_dropColumn', (table) => table.dropColumn('b')),
    ],
    [
      'foreign',
      'better-sqlite3',
      (knex) => knex.schema.alterTable('t_foreign', (table) => table.foreign('b').references('c.d')),
    ],
  ])('also when it is Knex that asks: %s on %s', async (mark, client, upgrade) => {
    const { code, details } = await failure(upgrade, client)
    expect(code).toBe('REV_OFFLINE_READ')
    expect(details.line).toBe(lineOf(mark))
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
      const kept = [await knex.raw('select 1'), await knex.batchInsert('a', [{ b: 1 }])]
      return Promise.all(kept)
    }
    await expect(scriptOf([{ title: 'a', upgrade }], 'pg')).resolves.toContain('select 1;')
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

describe('a script that breaks off', () => {
  test('ends with a rollback and says that it is not whole', async () => {
    const { text, details, code } = await failure(async (knex) => {
      await knex.schema.dropTable('b')
      throw new Error('half way')
    })
    expect(text).toMatch(/drop table "b";\n\nROLLBACK;\n\n-- rev stopped here \(REV_OFFLINE_FAILED\)\. .*\n$/)
    expect({ code, ...details }).toMatchObject({ code: 'REV_OFFLINE_FAILED', reason: 'half way', done: ['r001'] })
  })

  test('because nobody takes it ends with what the receiver threw', async () => {
    const failed = new Error('closed')
    const operations = [{ title: 'a', upgrade: (knex: Knex) => knex.schema.dropTable('a') }]
    const steps = [{ direction: 'upgrade' as const, revision: 'r001', rows: ['r001'] }]
    const write = (piece: string) => {
      if (piece.startsWith('drop table')) throw failed
    }
    await expect(render(operations, { plan: { steps, rows: ['r001'] }, write })).rejects.toBe(failed)
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

test('nothing waits in memory: a receiver that is slow slows the revision', async () => {
  const sizes: number[] = []
  let waiting = 0
  const steps = [{ direction: 'upgrade' as const, revision: 'r001', rows: ['r001'] }]
  const upgrade: Work = async (knex) => {
    for (let index = 0; index < 20; index++) await knex('a').insert({ b: 'x'.repeat(1000) })
  }
  await render([{ title: 'a', upgrade }], {
    plan: { steps, rows: ['r001'] },
    write: async (piece) => {
      waiting += piece.length
      sizes.push(waiting)
      await new Promise((resolve) => setImmediate(resolve))
      waiting -= piece.length
    },
  })
  expect(Math.max(...sizes)).toBeLessThan(2000)
})

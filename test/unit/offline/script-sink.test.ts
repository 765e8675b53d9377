import { expect, test } from 'vitest'
import { dialectOf } from '../../../src/database/dialect.ts'
import { revTables } from '../../../src/database/tables.ts'
import { mysqlScript } from '../../../src/offline/dialects/mysql/index.ts'
import { postgresqlScript } from '../../../src/offline/dialects/postgresql/index.ts'
import type { ScriptDialect } from '../../../src/offline/dialects/script-dialect.ts'
import { sqliteScript } from '../../../src/offline/dialects/sqlite/index.ts'
import { ScriptSink } from '../../../src/offline/script-sink.ts'
import type { SqlFamily } from '../../../src/sql/sql-family.ts'

const SCRIPTS = { postgresql: postgresqlScript, mysql: mysqlScript, sqlite: sqliteScript }

const dialectOfFamily = (family: SqlFamily): ScriptDialect =>
  SCRIPTS[family]({
    direction: 'upgrade',
    dialect: dialectOf(family === 'postgresql' ? 'pg' : family === 'mysql' ? 'mysql2' : 'better-sqlite3'),
    tables: revTables(dialectOf('pg'), undefined, 'rev_version'),
    settings: { role: undefined, schema: undefined },
    knexConfig: {},
    startRows: [],
    client: family === 'mysql' ? 'mysql' : 'generic',
    guarded: false,
    allowNonEmpty: false,
  })

const forwardNothing = async (): Promise<void> => {}

async function written(family: SqlFamily, use: (sink: ScriptSink) => Promise<unknown> | unknown): Promise<string[]> {
  let text = ''
  const write = (piece: string): void => {
    text += piece
  }
  const sink = new ScriptSink(dialectOfFamily(family), { write, forward: forwardNothing })
  await use(sink)
  await sink.text('')
  return text
    .split('\n\n')
    .map((block) => block.trim())
    .filter((block) => block !== '')
}
const run = (sink: ScriptSink, ...statements: string[]): Promise<unknown> =>
  Promise.all(statements.map((sql) => sink.statement({ sql, hasBody: false })))

test('MySQL has transactions around changes of rows only', async () => {
  const script = await written('mysql', async (sink) => {
    await sink.begin()
    await run(sink, 'insert into a values (1)', '/* c */ alter table a add b int', 'update a set b = 1', 'drop table b')
    await run(sink, 'create temporary table t (a int)')
    await sink.commit()
  })
  expect(script).toEqual([
    'START TRANSACTION;',
    'insert into a values (1);',
    'COMMIT;',
    '/* c */ alter table a add b int;',
    'START TRANSACTION;',
    'update a set b = 1;',
    'COMMIT;',
    'drop table b;',
    'START TRANSACTION;',
    'create temporary table t (a int);',
    'COMMIT;',
  ])
})

test('MySQL forgets savepoints when the schema changes', async () => {
  const script = await written('mysql', async (sink) => {
    await sink.begin()
    await sink.savepoint('rev_1')
    await run(sink, 'create table a (b int)', 'insert into a values (1)')
    await sink.endSavepoint('rev_1', 'ROLLBACK TO SAVEPOINT')
    await sink.commit()
  })
  expect(script).toEqual([
    'START TRANSACTION;',
    'SAVEPOINT rev_1;',
    'COMMIT;',
    'create table a (b int);',
    'START TRANSACTION;',
    'insert into a values (1);',
    'COMMIT;',
  ])
})

test('a body with semicolons gets a delimiter that is not in it', async () => {
  const script = await written('mysql', (sink) =>
    sink.statement({ sql: "create trigger $$ '$$$'; end", hasBody: true }),
  )
  expect(script).toEqual(["DELIMITER $$$$\ncreate trigger $$ '$$$'; end$$$$\nDELIMITER ;"])
})

test('a comment at the end does not hide the semicolon', async () => {
  expect(await written('postgresql', (sink) => run(sink, 'select 1 -- one'))).toEqual(['select 1 -- one\n;'])
})

test('the order is that of the calls, and each piece waits until the one before was carried out', async () => {
  const pieces: string[] = []
  const sink = new ScriptSink(dialectOfFamily('sqlite'), {
    write: (piece) => void pieces.push(piece.trim()),
    forward: async (sql) => {
      await new Promise((resolve) => setImmediate(resolve))
      pieces.push(`carried out: ${sql}`)
    },
  })
  await Promise.all([
    sink.begin(),
    run(sink, 'a'),
    sink.here(async (put) => put('here\n')),
    sink.commit(),
    run(sink, 'c'),
  ])
  expect(pieces).toEqual([
    'BEGIN IMMEDIATE;',
    'carried out: BEGIN',
    'a;',
    'carried out: a',
    'here',
    'COMMIT;',
    'carried out: COMMIT',
    'c;',
    'carried out: c',
  ])
})

test('what ends the script is heard by everybody who writes afterwards', async () => {
  const failure = new Error('refused')
  const forward = (): Promise<void> => Promise.reject(failure)
  const sink = new ScriptSink(dialectOfFamily('sqlite'), { write: () => {}, forward })
  await expect(sink.begin()).rejects.toBe(failure)
  await expect(run(sink, 'a')).rejects.toBe(failure)
  expect(() => sink.throwIfFailed()).toThrow(failure)
})

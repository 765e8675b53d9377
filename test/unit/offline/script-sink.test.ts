import { expect, test } from 'vitest'
import { ScriptSink } from '../../../src/offline/script-sink.ts'

async function written(
  family: 'postgresql' | 'mysql' | 'sqlite',
  use: (sink: ScriptSink) => Promise<unknown> | unknown,
): Promise<string[]> {
  let text = ''
  const sink = new ScriptSink(family, (piece) => {
    text += piece
  })
  await use(sink)
  await sink.text('')
  return text.split('\n\n').filter((line) => line !== '')
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

test('the order is that of the calls, and each piece waits for the one before', async () => {
  const pieces: string[] = []
  const sink = new ScriptSink('sqlite', async (piece) => {
    await new Promise((resolve) => setImmediate(resolve))
    pieces.push(piece.trim())
  })
  await Promise.all([sink.begin(), run(sink, 'a', 'b'), sink.commit(), run(sink, 'c')])
  expect(pieces).toEqual(['BEGIN IMMEDIATE;', 'a;', 'b;', 'COMMIT;', 'c;'])
})

test('what the receiver throws is heard by everybody who writes afterwards', async () => {
  const failure = new Error('closed')
  const sink = new ScriptSink('sqlite', () => {
    throw failure
  })
  await expect(sink.begin()).rejects.toBe(failure)
  await expect(run(sink, 'a')).rejects.toBe(failure)
  expect(() => sink.throwIfFailed()).toThrow(failure)
})

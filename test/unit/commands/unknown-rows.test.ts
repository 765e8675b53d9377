import createKnex from 'knex'
import { expect, it, onTestFinished } from 'vitest'
import { createRev, type Rev, type RevEvent, type RevisionModuleObject } from '../../../src/index.ts'

const revision = (id: string, down: string | null): RevisionModuleObject => ({
  revision: id,
  down_revision: down,
  upgrade: () => {},
  downgrade: () => {},
})

// a1 ── b1 ── c1 (head); the database is at b1 and at "gone", which no file knows.
async function openAhead(rows: readonly string[]): Promise<{ rev: Rev; notices: string[] }> {
  const knex = createKnex({ client: 'better-sqlite3', connection: { filename: ':memory:' }, useNullAsDefault: true })
  onTestFinished(() => knex.destroy())
  const notices: string[] = []
  const reporter = (event: RevEvent): void => {
    if (event.type === 'notice') notices.push(event.code)
  }
  const revisions = [revision('a1', null), revision('b1', 'a1'), revision('c1', 'b1')]
  const rev = createRev({ knex, revisions, reporter })
  await rev.ensureVersion()
  for (const row of rows) await knex('rev_version').insert({ version_num: row })
  return { rev, notices }
}

const idsOf = ({ revisions }: { readonly revisions: readonly { readonly revision: string }[] }): string[] =>
  revisions.map((info) => info.revision)

it('current shows what the files know, and names the rows that they do not', async () => {
  const { rev, notices } = await openAhead(['b1', 'gone'])

  const result = await rev.current()

  expect([idsOf(result), result.rows, result.unknown]).toEqual([['b1'], ['b1', 'gone'], ['gone']])
  expect(notices).toEqual(['REV_NOTICE_UNKNOWN_ROWS'])
})

it('history works from the rows that the files know, and says that there are others', async () => {
  const { rev, notices } = await openAhead(['b1', 'gone'])

  expect(idsOf(await rev.history({ range: 'current:' }))).toEqual(['c1', 'b1'])
  expect(idsOf(await rev.history({ range: ':current' }))).toEqual(['b1', 'a1'])
  expect(idsOf(await rev.history({ indicateCurrent: true }))).toEqual(['c1', 'b1', 'a1'])
  expect(notices).toEqual(Array(3).fill('REV_NOTICE_UNKNOWN_ROWS'))
})

it('show current shows the rows that the files know, marked as current', async () => {
  const { rev, notices } = await openAhead(['b1', 'gone'])

  const { revisions } = await rev.show({ revision: 'current' })

  expect(revisions.map((info) => [info.revision, info.current])).toEqual([['b1', true]])
  expect(notices).toEqual(['REV_NOTICE_UNKNOWN_ROWS'])
})

it('a listing is empty when the files know no row at all', async () => {
  const { rev } = await openAhead(['gone'])

  expect(idsOf(await rev.show({ revision: 'current' }))).toEqual([])
  expect(idsOf(await rev.history({ range: ':current' }))).toEqual([])
})

it('what is about the files alone says nothing of a database', async () => {
  const { rev, notices } = await openAhead(['gone'])

  const { revisions } = await rev.show({ revision: 'head' })

  expect(revisions.map((info) => [info.revision, info.current])).toEqual([['c1', undefined]])
  expect(notices).toEqual([])
})

import { describe, expect, it } from 'vitest'
import { createRev, type RevisionModuleObject, type SqlOptions } from '../../../src/index.ts'

const creates = (revision: string, down: string | null): RevisionModuleObject => ({
  revision,
  down_revision: down,
  upgrade: (knex) => knex.schema.createTable(revision, (table) => table.integer('id')),
  downgrade: (knex) => knex.schema.dropTable(revision),
})

// a1 ── b1 ── c1 (head)
const revisions = [creates('a1', null), creates('b1', 'a1'), creates('c1', 'b1')]

async function scriptOf(options: Omit<SqlOptions, 'write'>): Promise<string> {
  let script = ''
  const rev = createRev({ config: { client: 'better-sqlite3' }, revisions })
  await rev.sql({
    ...options,
    write: (text) => {
      script += text
    },
  })
  return script
}

/** The lines of the steps that change the schema or the version rows. */
const changesOf = (script: string): string[] =>
  script
    .slice(script.indexOf('-- ====='))
    .split('\n')
    .filter((line) => /^(?:create table `|drop table `|UPDATE "rev_version")/.test(line))
    .map((line) => line.replace(/(?: AND EXISTS .*)?;$/, ''))

describe('a script', () => {
  it('with "only" goes up or down by exactly the named revision', async () => {
    expect(changesOf(await scriptOf({ direction: 'upgrade', target: 'a1:b1', only: true }))).toEqual([
      'create table `b1` (`id` integer)',
      `UPDATE "rev_version" SET version_num = 'b1' WHERE version_num = 'a1'`,
    ])
    expect(changesOf(await scriptOf({ direction: 'downgrade', target: 'c1:c1', only: true }))).toEqual([
      'drop table `c1`',
      `UPDATE "rev_version" SET version_num = 'b1' WHERE version_num = 'c1'`,
    ])
  })

  it('with "only" is refused when something stands in the way', async () => {
    await expect(scriptOf({ direction: 'upgrade', target: 'a1:c1', only: true })).rejects.toMatchObject({
      code: 'REV_GRAPH_ONLY_BLOCKED',
      details: { blockers: [{ revision: 'b1' }] },
    })
  })

  it('names a client that Knex does not have', async () => {
    const rev = createRev({ config: { client: 'postgrs' }, revisions })

    await expect(rev.sql({ direction: 'upgrade', write: () => {} })).rejects.toMatchObject({
      code: 'REV_DATABASE_CONFIG_REFUSED',
      details: { client: 'postgrs' },
    })
  })

  it('needs a start for a downgrade', async () => {
    await expect(scriptOf({ direction: 'downgrade', target: 'a1' })).rejects.toMatchObject({
      code: 'REV_OFFLINE_RANGE_REQUIRED',
      details: { target: 'a1', example: 'rev downgrade --sql head:a1' },
    })
  })
})

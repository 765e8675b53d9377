import type { Knex } from 'knex'
import { beforeEach } from 'vitest'
import type { TestDatabase } from '../../support/databases.ts'

/** What a test of the handle looks at afterwards. */
export interface ItemTables {
  /** How often the version rows were written. */
  applied(): Promise<number>
  /** The ids in `item`, sorted. */
  ids(): Promise<number[]>
}

/** Gives each test of the suite an empty `item (id, name)`, and the `applied` that `runHandle` writes into. */
export function itemTables(db: TestDatabase): ItemTables {
  beforeEach(async () => {
    await db.empty()
    await createApplied(db.knex())
    await db.knex().schema.createTable('item', (t) => {
      t.integer('id').primary()
      t.string('name')
    })
  })
  return {
    applied: async () => (await db.knex()('applied')).length,
    ids: async () => (await db.knex()('item').orderBy('id')).map((row: { id: number }) => row.id),
  }
}

/** The table that stands for the version rows. */
export async function createApplied(knex: Knex): Promise<void> {
  await knex.schema.createTable('applied', (t) => t.string('revision', 32))
}

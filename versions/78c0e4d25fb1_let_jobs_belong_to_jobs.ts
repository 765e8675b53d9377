/**
 * let jobs belong to jobs
 *
 * A large job is cut into smaller ones. A job that still has parts cannot be deleted.
 */
import type { Knex } from 'knex'

export const revision = '78c0e4d25fb1'
export const down_revision = 'e7f41b09c5d3'

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('jobs', (table) => {
    table.integer('parent_id').unsigned().nullable()
  })
  await knex.schema.alterTable('jobs', (table) => {
    table.foreign('parent_id', 'jobs_parent_foreign').references('id').inTable('jobs').onDelete('RESTRICT')
    table.index(['parent_id'], 'jobs_parent_index')
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('jobs', (table) => {
    table.dropForeign('parent_id', 'jobs_parent_foreign')
  })
  await knex.schema.alterTable('jobs', (table) => {
    table.dropIndex(['parent_id'], 'jobs_parent_index')
  })
  await knex.schema.alterTable('jobs', (table) => {
    table.dropColumn('parent_id')
  })
}

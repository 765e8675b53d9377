/**
 * create jobs
 *
 * A job is done by one user at most; who leaves the company leaves the jobs behind.
 */
import type { Knex } from 'knex'

export const revision = '9d83a5f7c210'
export const down_revision = '1f0c6b2e9a47'

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.createTable('jobs', (table) => {
    table.increments('id')
    table.string('title', 200).notNullable()
    table.string('status', 20).notNullable().defaultTo('queued')
    table.integer('assignee_id').unsigned()
    table.timestamp('created_at').notNullable().defaultTo(knex.fn.now())
    table.check("?? in ('queued', 'running', 'done', 'failed')", ['status'], 'jobs_status_check')
    table.foreign('assignee_id', 'jobs_assignee_foreign').references('id').inTable('users').onDelete('SET NULL')
    table.index(['assignee_id', 'status'], 'jobs_assignee_status_index')
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.dropTable('jobs')
}

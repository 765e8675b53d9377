/**
 * create activity logs
 *
 * What a user did to which job. The two indexes serve the two pages that read it: "what has this
 * user done lately" and "what happened to this job".
 */
import type { Knex } from 'knex'

export const revision = '4b7e20c8d1f5'
export const down_revision = '9d83a5f7c210'

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.createTable('activity_logs', (table) => {
    table.bigIncrements('id')
    table.integer('user_id').unsigned().notNullable()
    table.integer('job_id').unsigned()
    table.string('action', 50).notNullable()
    table.text('details')
    table.timestamp('created_at').notNullable().defaultTo(knex.fn.now())
    table.foreign('user_id', 'activity_logs_user_foreign').references('id').inTable('users').onDelete('CASCADE')
    table.foreign('job_id', 'activity_logs_job_foreign').references('id').inTable('jobs').onDelete('CASCADE')
    table.index(['user_id', 'created_at'], 'activity_logs_user_created_index')
    table.index(['job_id', 'created_at'], 'activity_logs_job_created_index')
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.dropTable('activity_logs')
}

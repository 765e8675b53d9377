/**
 * create billing accounts
 *
 * Billing is a line of history of its own, with a base of its own. It needs the users, and nothing else
 * of the main line.
 */
import type { Knex } from 'knex'

export const revision = '87d1c6940bea'
export const down_revision = null
export const branch_labels = 'billing'
export const depends_on = '1f0c6b2e9a47'

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.createTable('billing_accounts', (table) => {
    table.increments('id')
    table.integer('owner_id').unsigned().notNullable()
    table.string('plan', 20).notNullable().defaultTo('free')
    table.timestamp('created_at').notNullable().defaultTo(knex.fn.now())
    table.check("?? in ('free', 'team', 'company')", ['plan'], 'billing_accounts_plan_check')
    table.foreign('owner_id', 'billing_accounts_owner_foreign').references('id').inTable('users').onDelete('RESTRICT')
    table.unique(['owner_id'], { indexName: 'billing_accounts_owner_unique' })
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.dropTable('billing_accounts')
}

/**
 * create invoices
 *
 * Tax is due in a country: besides the accounts, invoices need the table of countries.
 */
import type { Knex } from 'knex'

export const revision = '3ce05b97f82d'
export const down_revision = '87d1c6940bea'
export const depends_on = ['2a95d8c6e304']

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.createTable('invoices', (table) => {
    table.increments('id')
    table.integer('account_id').unsigned().notNullable()
    table.string('number', 30).notNullable()
    table.string('country_code', 2).notNullable()
    table.decimal('amount', 12, 2).notNullable()
    table.timestamp('issued_at').notNullable().defaultTo(knex.fn.now())
    table.timestamp('paid_at').nullable()
    table.foreign('account_id', 'invoices_account_foreign').references('id').inTable('billing_accounts')
    table.foreign('country_code', 'invoices_country_foreign').references('code').inTable('countries')
    table.unique(['number'], { indexName: 'invoices_number_unique' })
    table.index(['account_id', 'issued_at'], 'invoices_account_issued_index')
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.dropTable('invoices')
}

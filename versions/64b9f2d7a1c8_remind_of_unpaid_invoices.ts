/**
 * remind of unpaid invoices
 *
 * The first revision on top of the merge: history is one line again, so that `rev downgrade -1` has one way to go.
 */
import type { Knex } from 'knex'

export const revision = '64b9f2d7a1c8'
export const down_revision = 'a40f7de3186b'

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('invoices', (table) => {
    table.timestamp('reminded_at').nullable()
    table.index(['paid_at', 'reminded_at'], 'invoices_paid_reminded_index')
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('invoices', (table) => {
    table.dropIndex(['paid_at', 'reminded_at'], 'invoices_paid_reminded_index')
  })
  await knex.schema.alterTable('invoices', (table) => {
    table.dropColumn('reminded_at')
  })
}

/**
 * add email key
 *
 * `Ada@Example.org` and `ada@example.org` are one person: users are found by their address in lower
 * case. The column, its values and its index are revisions of their own, so that each of them is one
 * transaction, also where a change of the schema commits by itself.
 */
import type { Knex } from 'knex'

export const revision = 'c81f5d0a7be4'
export const down_revision = 'd5613a9be87f'

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.string('email_key', 255).nullable()
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.dropColumn('email_key')
  })
}

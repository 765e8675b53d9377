/**
 * index email keys
 */
import type { Knex } from 'knex'

export const revision = 'f3a82c5d6e19'
export const down_revision = '0e9b74f1a3c6'

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.unique(['email_key'], { indexName: 'users_email_key_unique' })
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.dropUnique(['email_key'], 'users_email_key_unique')
  })
}

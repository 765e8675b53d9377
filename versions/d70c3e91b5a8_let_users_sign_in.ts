/**
 * let users sign in
 *
 * Only a hash of the password is kept, and who has none cannot sign in.
 */
import type { Knex } from 'knex'

export const revision = 'd70c3e91b5a8'
export const down_revision = '64b9f2d7a1c8'

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.string('password_hash', 255).nullable()
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.dropColumn('password_hash')
  })
}

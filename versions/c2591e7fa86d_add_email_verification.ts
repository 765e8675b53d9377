/**
 * add email verification
 *
 * The token is emptied once the address is verified, hence unique but nullable.
 */
import type { Knex } from 'knex'

export const revision = 'c2591e7fa86d'
export const down_revision = '4b7e20c8d1f5'

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.timestamp('email_verified_at').nullable()
    table.string('email_verification_token', 64).nullable()
    table.timestamp('email_verification_sent_at').nullable()
  })
  await knex.schema.alterTable('users', (table) => {
    table.unique(['email_verification_token'], { indexName: 'users_email_verification_token_unique' })
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.dropUnique(['email_verification_token'], 'users_email_verification_token_unique')
  })
  await knex.schema.alterTable('users', (table) => {
    table.dropColumns('email_verified_at', 'email_verification_token', 'email_verification_sent_at')
  })
}

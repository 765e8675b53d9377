/**
 * create users
 *
 * Everybody who can sign in. The role is checked by the database, so that a typing error in some
 * script cannot make an administrator.
 */
import type { Knex } from 'knex'

export const revision = '1f0c6b2e9a47'
export const down_revision = null

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.createTable('users', (table) => {
    table.increments('id')
    table.string('email', 255).notNullable()
    table.string('role', 20).notNullable().defaultTo('member')
    table.timestamp('created_at').notNullable().defaultTo(knex.fn.now())
    table.check("?? in ('admin', 'member', 'guest')", ['role'], 'users_role_check')
    table.unique(['email'], { indexName: 'users_email_unique' })
    table.index(['role'], 'users_role_index')
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.dropTable('users')
}

/**
 * split profiles from users
 *
 * Signing in reads `users` on every request, and never the profile. The profile fields move to a
 * table of their own, each user's values with them; the downgrade moves them back.
 */
import type { Knex } from 'knex'

export const revision = 'e7f41b09c5d3'
export const down_revision = '60ad3f84b91c'

const MOVED = ['full_name', 'phone', 'bio']

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.createTable('user_profiles', (table) => {
    table.integer('user_id').unsigned().notNullable().primary()
    table.string('full_name', 200).nullable()
    table.string('phone', 40).nullable()
    table.text('bio').nullable()
    table.foreign('user_id', 'user_profiles_user_foreign').references('id').inTable('users').onDelete('CASCADE')
  })

  const target = knex.raw('?? (??, ??, ??, ??)', ['user_profiles', 'user_id', ...MOVED])
  await knex(target).insert(knex('users').select('id', ...MOVED))

  await knex.schema.alterTable('users', (table) => {
    table.dropColumns('full_name', 'phone', 'bio')
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.string('full_name', 200).nullable()
    table.string('phone', 40).nullable()
    table.text('bio').nullable()
  })

  const fromProfile = (column: string) =>
    knex('user_profiles').where('user_profiles.user_id', knex.ref('users.id')).select(column)
  await knex('users').update(Object.fromEntries(MOVED.map((column) => [column, fromProfile(column)])))

  await knex.schema.dropTable('user_profiles')
}

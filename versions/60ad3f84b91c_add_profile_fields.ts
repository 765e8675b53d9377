/**
 * add profile fields
 */
import type { Knex } from 'knex'

export const revision = '60ad3f84b91c'
export const down_revision = 'c2591e7fa86d'

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.string('full_name', 200).nullable()
    table.string('phone', 40).nullable()
    table.text('bio').nullable()
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.dropColumns('full_name', 'phone', 'bio')
  })
}

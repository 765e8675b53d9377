/**
 * give profiles a country
 */
import type { Knex } from 'knex'

export const revision = 'b836f10d7c42'
export const down_revision = '2a95d8c6e304'

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('user_profiles', (table) => {
    table.string('country_code', 2).nullable()
  })
  await knex.schema.alterTable('user_profiles', (table) => {
    table.foreign('country_code', 'user_profiles_country_foreign').references('code').inTable('countries')
    table.index(['country_code'], 'user_profiles_country_index')
  })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('user_profiles', (table) => {
    table.dropForeign('country_code', 'user_profiles_country_foreign')
  })
  await knex.schema.alterTable('user_profiles', (table) => {
    table.dropIndex(['country_code'], 'user_profiles_country_index')
  })
  await knex.schema.alterTable('user_profiles', (table) => {
    table.dropColumn('country_code')
  })
}

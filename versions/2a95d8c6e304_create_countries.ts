/**
 * create countries
 *
 * The countries that we do business in, by their ISO 3166-1 codes. The rows are part of the schema:
 * other tables refer to them.
 */
import type { Knex } from 'knex'

export const revision = '2a95d8c6e304'
export const down_revision = 'e7f41b09c5d3'

const COUNTRIES = [
  { code: 'AT', name: 'Austria', calling_code: '43' },
  { code: 'BR', name: 'Brazil', calling_code: '55' },
  { code: 'CI', name: "Côte d'Ivoire", calling_code: '225' },
  { code: 'DE', name: 'Germany', calling_code: '49' },
  { code: 'FR', name: 'France', calling_code: '33' },
  { code: 'IN', name: 'India', calling_code: '91' },
  { code: 'JP', name: 'Japan', calling_code: '81' },
  { code: 'KE', name: 'Kenya', calling_code: '254' },
  { code: 'MX', name: 'Mexico', calling_code: '52' },
  { code: 'SE', name: 'Sweden', calling_code: '46' },
  { code: 'TR', name: 'Türkiye', calling_code: '90' },
  { code: 'US', name: 'United States', calling_code: '1' },
]

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.createTable('countries', (table) => {
    table.string('code', 2).notNullable().primary()
    table.string('name', 100).notNullable()
    table.string('calling_code', 4).notNullable()
    table.unique(['name'], { indexName: 'countries_name_unique' })
  })
  await knex('countries').insert(COUNTRIES)
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.dropTable('countries')
}

import type { CreateRevOptions } from '../../../src/index.ts'
import { openRev } from '../../support/behaviour.ts'
import type { TestDatabase } from '../../support/databases.ts'
import type { RevisionText } from '../../support/temp-project.ts'

/** Countries by code, and cities that belong to them and to each other. */
export const REVISIONS: readonly RevisionText[] = [
  {
    revision: 'aaa',
    down: null,
    upgrade: `await knex.schema.createTable('countries', (table) => {
      table.string('code', 2).notNullable().primary()
      table.string('name', 100).notNullable().unique()
      table.integer('people')
      table.boolean('landlocked').notNullable().defaultTo(false)
    })`,
    downgrade: `await knex.schema.dropTable('countries')`,
  },
  {
    revision: 'bbb',
    down: 'aaa',
    upgrade: `await knex.schema.createTable('cities', (table) => {
      table.integer('id').notNullable().primary()
      table.string('name', 100).notNullable()
      table.string('country', 2).notNullable().references('code').inTable('countries')
      table.integer('part_of').references('id').inTable('cities')
    })`,
    downgrade: `await knex.schema.dropTable('cities')`,
  },
]

/** A project at head, with these files under `seeds`. */
export async function shop(
  db: TestDatabase,
  seeds: Readonly<Record<string, string>>,
  options: CreateRevOptions = {},
): Promise<ReturnType<typeof openRev>> {
  const rev = openRev(db, REVISIONS, options)
  rev.project.write('seeds/.gitkeep', '')
  for (const [file, text] of Object.entries(seeds)) rev.project.write(`seeds/${file}`, text)
  await rev.upgrade()
  return rev
}

/** The text of a seed in code. */
export function seedText(
  seed: string,
  run: string,
  more: { readonly head?: Readonly<Record<string, unknown>>; readonly tail?: string } = {},
): string {
  const head = Object.entries(more.head ?? {}).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}`)
  return [
    `export const seed = '${seed}'`,
    ...head,
    `export async function run(knex, context) {\n${run}\n}`,
    more.tail ?? '',
    '',
  ].join('\n')
}

export const countriesOf = async (db: TestDatabase): Promise<string[]> =>
  (await db.knex()('countries').pluck('code')).map(String).sort()

/** What is recorded, by name. */
export const recordsOf = async (db: TestDatabase): Promise<Record<string, string>> =>
  Object.fromEntries((await db.knex()('rev_seed').select('seed', 'state')).map(({ seed, state }) => [seed, state]))

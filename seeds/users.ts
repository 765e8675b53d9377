/**
 * People to develop and test with.
 */
import type { Knex } from 'knex'
import type { SeedContext } from 'knex-rev'

export const seed = 'users'
export const mode = 'onchange'
export const depends_on = ['countries', 'f3a82c5d6e19', 'b836f10d7c42']
export const environments = ['development', 'test', 'postgres', 'mysql']

const FIRST_NAMES = ['Ada', 'Alan', 'Barbara', 'Edsger', 'Frances', 'Grace', 'Ken', 'Mary', 'Niklaus', 'Tim']
const LAST_NAMES = ['Allen', 'Berg', 'Diaz', 'Fischer', 'Kaya', 'Kim', 'Novak', 'Okafor', 'Sato', 'Singh']
const PEOPLE = 40

export async function run(knex: Knex, { random, upsert }: SeedContext): Promise<void> {
  const codes: string[] = await knex('countries').orderBy('code').pluck('code')
  const people = Array.from({ length: PEOPLE }, (_, number) => ({
    email: `person${number + 1}@example.com`,
    name: `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`,
    country: random.pick(codes),
  }))
  await upsert(
    'users',
    people.map(({ email }) => ({ email, email_key: email, role: 'member' })),
    { key: 'email_key' },
  )
  const ids = new Map<string, number>()
  for (const { id, email } of await knex('users').select('id', 'email')) ids.set(email, id)
  await upsert(
    'user_profiles',
    people.map(({ email, name, country }) => ({ user_id: ids.get(email), full_name: name, country_code: country })),
    { key: 'user_id' },
  )
}

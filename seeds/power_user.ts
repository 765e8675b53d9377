/**
 * A user with more of everything than anybody else: for slow pages and long lists.
 */
import type { Knex } from 'knex'
import type { SeedContext } from 'knex-rev'

export const seed = 'power_user'
export const scenario = 'power-user'
export const depends_on = ['countries', 'd70c3e91b5a8']
export const environments = ['development', 'test', 'postgres', 'mysql']

const EMAIL = 'power.user@example.com'
const JOBS = 200
const INVOICES = 36

export async function run(knex: Knex, { upsert }: SeedContext): Promise<void> {
  await upsert('users', [{ email: EMAIL, email_key: EMAIL, role: 'member' }], { key: 'email_key' })
  const { id } = await knex('users').where({ email: EMAIL }).first('id')
  const jobs = Array.from({ length: JOBS }, (_, number) => ({ title: `power job ${number + 1}`, assignee_id: id }))
  await upsert('jobs', jobs, { key: 'title' })

  await upsert('billing_accounts', [{ owner_id: id, plan: 'company' }], { key: 'owner_id' })
  const account = await knex('billing_accounts').where({ owner_id: id }).first('id')
  const invoices = Array.from({ length: INVOICES }, (_, number) => ({
    number: `POWER-${number + 1}`,
    account_id: account.id,
    country_code: 'AT',
    amount: 100 + number,
  }))
  await upsert('invoices', invoices, { key: 'number' })
}

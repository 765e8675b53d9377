/**
 * A customer who has not paid, and was reminded: for the pages of the accountants.
 */
import type { Knex } from 'knex'
import type { SeedContext } from 'knex-rev'

export const seed = 'overdue_customer'
export const scenario = 'overdue-customer'
export const depends_on = ['countries', '64b9f2d7a1c8']
export const environments = ['development', 'test', 'postgres', 'mysql']

const EMAIL = 'overdue@example.com'

export async function run(knex: Knex, { upsert }: SeedContext): Promise<void> {
  await upsert('users', [{ email: EMAIL, email_key: EMAIL, role: 'guest' }], { key: 'email_key' })
  const { id } = await knex('users').where({ email: EMAIL }).first('id')
  await upsert('billing_accounts', [{ owner_id: id, plan: 'team' }], { key: 'owner_id' })
  const account = await knex('billing_accounts').where({ owner_id: id }).first('id')
  const invoices = ['OVERDUE-1', 'OVERDUE-2'].map((number) => ({
    number,
    account_id: account.id,
    country_code: 'DE',
    amount: 250,
    reminded_at: new Date('2026-06-01T08:00:00Z'),
  }))
  await upsert('invoices', invoices, { key: 'number' })
}

/**
 * fill email keys
 *
 * `Ada@Example.org` and `ada@example.org` are one person. The key that they are found by is the
 * address in lower case; every user gets one, a thousand users at a time. Each batch begins after the
 * last id of the one before, so that the last batch costs no more than the first.
 */
import type { Knex } from 'knex'

export const revision = '0e9b74f1a3c6'
export const down_revision = 'd5613a9be87f'

const BATCH_SIZE = 1000

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.string('email_key', 255).nullable()
  })

  let lastId = 0
  for (;;) {
    const batch: { id: number; email: string }[] = await knex('users')
      .select('id', 'email')
      .where('id', '>', lastId)
      .orderBy('id')
      .limit(BATCH_SIZE)
    if (batch.length === 0) break

    // In JavaScript, because the databases do not agree on the lower case of letters beyond a to z.
    for (const { id, email } of batch) {
      await knex('users')
        .where({ id })
        .update({ email_key: email.normalize('NFKC').toLowerCase() })
    }
    lastId = batch.at(-1)?.id ?? lastId
  }
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (table) => {
    table.dropColumn('email_key')
  })
}

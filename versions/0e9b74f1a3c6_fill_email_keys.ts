/**
 * fill email keys
 *
 * A batch of users at a time. Each batch begins after the last id of the one before, so that the last
 * one costs no more than the first; an offset would read all the rows before it again.
 */
import type { Knex } from 'knex'

export const revision = '0e9b74f1a3c6'
export const down_revision = 'c81f5d0a7be4'

const BATCH_SIZE = 500

export async function upgrade(knex: Knex): Promise<void> {
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

/** For a script, which has no rows to read: there the database finds the lower case, by its own rules. */
export async function offline(knex: Knex): Promise<void> {
  await knex('users').update({ email_key: knex.raw('lower(email)') })
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex('users').update({ email_key: null })
}

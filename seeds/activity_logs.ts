/**
 * A year of what people did.
 *
 * Many rows, so they are written in batches, each of which is committed: a run that breaks off goes on behind the last.
 */
import type { Knex } from 'knex'
import type { SeedContext } from 'knex-rev'

export const seed = 'activity_logs'
export const depends_on = ['jobs', '4b7e20c8d1f5']
export const environments = ['development', 'test', 'postgres', 'mysql']
export const transaction = false

const ROWS = 5000
const BATCH_SIZE = 500
const ACTIONS = ['signed in', 'opened a job', 'closed a job', 'wrote a comment']
const SAMPLE = 'sample data'

export async function run(knex: Knex, { random, inBatches }: SeedContext): Promise<number> {
  const people: number[] = await knex('users').where('email', 'like', 'person%').orderBy('id').pluck('id')
  const jobs: number[] = await knex('jobs').where('title', 'like', 'sample job%').orderBy('id').pluck('id')
  function* entries() {
    for (let number = 0; number < ROWS; number += 1) {
      yield {
        user_id: random.pick(people),
        job_id: random.pick(jobs),
        action: random.pick(ACTIONS),
        details: SAMPLE,
      }
    }
  }
  return inBatches(entries(), BATCH_SIZE, (rows, trx) => trx('activity_logs').insert(rows))
}

export async function undo(knex: Knex): Promise<void> {
  await knex('activity_logs').where({ details: SAMPLE }).delete()
}

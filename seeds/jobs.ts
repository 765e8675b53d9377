/**
 * Jobs in every state, some of them in parts.
 */
import type { Knex } from 'knex'
import type { SeedContext } from 'knex-rev'

export const seed = 'jobs'
export const mode = 'onchange'
export const depends_on = ['users', '78c0e4d25fb1']
export const environments = ['development', 'test', 'postgres', 'mysql']

const STATES = ['queued', 'running', 'done', 'failed']
const JOBS = 60
const PARTS = 3

export async function run(knex: Knex, { random, upsert }: SeedContext): Promise<void> {
  const people: number[] = await knex('users').where('email', 'like', 'person%').orderBy('id').pluck('id')
  const jobs = Array.from({ length: JOBS }, (_, number) => ({
    title: `sample job ${number + 1}`,
    status: random.pick(STATES),
    assignee_id: random.pick(people),
  }))
  await upsert('jobs', jobs, { key: 'title' })

  const whole = await knex('jobs').where({ title: 'sample job 1' }).first('id')
  const parts = Array.from({ length: PARTS }, (_, number) => ({
    title: `sample job 1, part ${number + 1}`,
    parent_id: whole.id,
  }))
  await upsert('jobs', parts, { key: 'title' })
}

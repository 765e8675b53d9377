import { expect } from 'vitest'
import type { Field } from './field.ts'
import type { Expectation } from './history/expectation.ts'
import { findFaults } from './history/find-faults.ts'

interface LoggedRun {
  readonly runId: string
  readonly outcome: string
}

/** After a run that came to its end: everything is there once, the rows are right, nothing is left, and rev says so, too. */
export async function expectSound(field: Field, expected: Expectation): Promise<void> {
  await field.settle()
  const { history } = expected
  const applied = history.revisions.filter(({ id }) => expected.isApplied(id)).map(({ id }) => id)
  const below = new Set(history.revisions.filter(({ id }) => expected.isApplied(id)).flatMap(({ down }) => down))

  expect(await findFaults(field.db, expected)).toEqual([])
  expect(await field.rows()).toEqual(applied.filter((id) => !below.has(id)).sort())
  expect(await field.leftovers()).toEqual([])
  const check = await field.rev(['check', '--db'])
  expect(check, check.stderr).toMatchObject({ code: 0 })
  const log = await field.rev(['log', '--json', '--limit', '0'])
  const runs: LoggedRun[] = JSON.parse(log.stdout).runs
  expect(runs.filter(({ outcome }) => outcome === 'unfinished')).toEqual([])
  if (field.db.dialect === 'sqlite') {
    expect(await field.db.knex().raw('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
  }
}

import { expect, test } from 'vitest'
import { type DialectName, describeEachDialect } from '../../support/databases.ts'
import type { RunResult } from '../../support/run-cli.ts'
import { onlyShort } from '../settings.ts'
import { useField } from '../use-field.ts'

/** What a revision does that it should not, and how rev answers. */
interface Cheat {
  readonly what: string
  readonly upgrade: string
  /** The code of the error; undefined for a process that comes to say none. */
  readonly code: string | undefined
  readonly only?: readonly DialectName[]
  readonly env?: Readonly<Record<string, string>>
}

const note = (part: number): string => `await knex('ledger').insert({ rev: 'bbb', part: ${part} })`

const CHEATS: readonly Cheat[] = [
  { what: 'throws after its work', upgrade: `${note(1)}\nthrow new Error('no more')`, code: 'REV_STEP_FAILED' },
  {
    what: 'forgets an await',
    upgrade: `${note(1)}\nknex('ledger').where({ part: 9 }).delete()`,
    code: 'REV_STEP_FORGOTTEN',
  },
  {
    what: 'swallows the failure of a statement',
    upgrade: `${note(1)}\nawait knex('nowhere').delete().catch(() => {})`,
    code: 'REV_STEP_TRANSACTION_ABORTED',
    only: ['postgresql'],
  },
  { what: 'commits by hand', upgrade: `${note(1)}\nawait knex.raw('commit')`, code: 'REV_STEP_TRANSACTION_ENDED' },
  { what: 'rolls back by hand', upgrade: `${note(1)}\nawait knex.raw('rollback')`, code: 'REV_STEP_TRANSACTION_ENDED' },
  { what: 'closes its handle', upgrade: `${note(1)}\nawait knex.destroy()`, code: 'REV_STEP_DESTROYED_HANDLE' },
  {
    what: 'changes the version rows',
    upgrade: `${note(1)}\nawait knex('rev_version').update({ version_num: 'zzz' })`,
    code: 'REV_DATABASE_ROW_MISMATCH',
  },
  {
    what: 'goes on beside a transaction of its own',
    upgrade: `await knex.transaction(async (trx) => { await trx('ledger').insert({ rev: 'bbb', part: 1 }); ${note(2)} })`,
    code: 'REV_STEP_CONCURRENT_TRANSACTION',
  },
  { what: 'ends the process', upgrade: `${note(1)}\nprocess.exit(0)`, code: 'REV_PROCESS_EXITED' },
  {
    what: 'kills the process',
    upgrade: `${note(1)}\nprocess.kill(process.pid, 'SIGKILL')\nawait new Promise(() => {})`,
    code: undefined,
  },
  {
    what: 'runs out of memory',
    upgrade: `${note(1)}\nconst kept = []\nfor (;;) kept.push(new Array(10_000).fill(kept.length))`,
    code: undefined,
    env: { NODE_OPTIONS: '--max-old-space-size=64' },
  },
]

describeEachDialect(
  'a revision that',
  (db) => {
    const field = useField(db)
    const write = (revision: string, down: string | null, upgrade: string) =>
      field.project.revision({ revision, down, upgrade, extension: 'js' })
    const errorCode = ({ stdout }: RunResult): string | undefined =>
      stdout.trim() === '' ? undefined : JSON.parse(stdout).error?.code

    const cheats = CHEATS.filter(({ only }) => only === undefined || only.includes(db.dialect))
    test.each(cheats)('$what is told, leaves nothing, and is run once it is right', async ({ upgrade, code, env }) => {
      write(
        'aaa',
        null,
        `await knex.schema.createTable('ledger', (table) => { table.string('rev', 9); table.integer('part') })`,
      )
      write('bbb', 'aaa', upgrade)
      write('ccc', 'bbb', `await knex('ledger').insert({ rev: 'ccc', part: 1 })`)

      const failed = await field.rev(['upgrade', 'head', '--json'], env)

      expect(failed.code, failed.stderr).not.toBe(0)
      expect(errorCode(failed), failed.stderr).toBe(code)
      await field.settle()
      expect(await field.rows()).toEqual(['aaa'])
      expect(await db.knex()('ledger').select()).toEqual([])

      write('bbb', 'aaa', `${note(1)}\n${note(2)}`)
      const next = await field.rev(['upgrade', 'head'])

      expect(next, next.stderr).toMatchObject({ code: 0 })
      expect(await field.rows()).toEqual(['ccc'])
      expect((await db.knex()('ledger').select()).map(({ rev, part }) => `${rev} ${part}`).sort()).toEqual([
        'bbb 1',
        'bbb 2',
        'ccc 1',
      ])
    })

    test('went wrong in any of these ways leaves nothing behind', async () => {
      await field.settle()
      expect(await field.leftovers()).toEqual([])
    })
  },
  onlyShort('sqlite'),
)

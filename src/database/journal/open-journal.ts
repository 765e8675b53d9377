import { compareChecksums, readRecordedChecksum } from '../../script/recorded-checksum.ts'
import { sqlFamilyOf } from '../../sql/sql-family.ts'
import { effectOf } from '../../sql/statement-effect.ts'
import { findOuterTransaction } from '../handle/outer-transaction.ts'
import type { LoadedStep } from '../load-steps.ts'
import type { Database } from '../open-database.ts'
import type { UnfinishedStep } from './journal-entry.ts'
import { Replay, type ReplayRules } from './replay.ts'
import { StepJournal } from './step-journal.ts'

/** How a step goes on that is done in part. */
export interface Continuation {
  readonly unfinished: UnfinishedStep
  /**
   * `careful`: where that is surely right. `trusted`: somebody has looked, and what the function does not do again may be
   * missing. `afresh`: from the beginning, as if nothing had been done.
   */
  readonly mode: 'careful' | 'trusted' | 'afresh'
}

/**
 * Whether statements of the step are kept for good before the step is done, so that a journal is needed. Not inside a
 * transaction around all steps, which takes everything back.
 */
export function needsJournal({ connection, dialect }: Database, step: LoadedStep): boolean {
  if (step.work === undefined || step.direction === 'stamp' || sqlFamilyOf(dialect.name) === undefined) return false
  if (connection.joined || findOuterTransaction(connection) !== undefined) return false
  return !step.transaction || !dialect.transactionalDdl
}

/** The journal that a step is carried out with; undefined for one that needs none and has none. */
export async function openStepJournal(
  database: Database,
  step: LoadedStep,
  runId: string,
  continuation: Continuation | undefined,
): Promise<StepJournal | undefined> {
  const family = sqlFamilyOf(database.dialect.name)
  const isKept = needsJournal(database, step)
  if (family === undefined || (!isKept && continuation === undefined)) return undefined
  const before = continuation?.unfinished.entries ?? []
  const lastNumber = before.reduce((highest, { number }) => Math.max(highest, number), 0)
  const isAfresh = continuation?.mode === 'afresh'
  const { revision, checksum } = step
  const direction = step.direction === 'downgrade' ? 'downgrade' : 'upgrade'
  return new StepJournal({
    database,
    family,
    facts: { revision, direction, checksum, runId, session: await sessionOf(database) },
    transaction: step.transaction,
    replay:
      continuation === undefined || isAfresh ? undefined : new Replay(before, rulesOf(database, step, continuation)),
    lastNumber,
    forgets: isAfresh ? lastNumber : 0,
    isSilent: !isKept,
  })
}

function rulesOf(
  { dialect, report }: Database,
  { revision, checksum }: LoadedStep,
  { mode }: Continuation,
): ReplayRules {
  const family = sqlFamilyOf(dialect.name)
  const isTrusted = mode === 'trusted'
  return {
    otherValuesAreNew: isTrusted,
    doneAtOnce: isTrusted,
    mayBeAbsent(entry) {
      // Guards ask for tables, columns and indexes; a change of rows that is gone from the file was taken out of it.
      const isGuarded =
        isDefinitionText(entry.statement) && family !== undefined && effectOf(entry.statement, family) !== 'reads'
      const isSame = isSameCode(entry.checksum, checksum)
      if (isSame && isGuarded) return true
      if (!isSame && !isTrusted && !isGuarded) return false
      const why = isSame ? 'its function did not do it again' : 'its file, which was edited, does not do it any more'
      const message = `statement ${entry.number} of "${revision}" is done, and ${why}: ${entry.statement.replace(/\s+/g, ' ').slice(0, 100)}`
      report({ type: 'notice', code: 'REV_NOTICE_PASSED_OVER', message })
      return true
    },
  }
}

function isDefinitionText(sql: string): boolean {
  return /^\s*(?:create|alter|drop|rename|comment|grant|revoke)\b/i.test(sql)
}

function isSameCode(recorded: string | undefined, now: string | undefined): boolean {
  const one = recorded === undefined ? undefined : readRecordedChecksum(recorded)
  const other = now === undefined ? undefined : readRecordedChecksum(now)
  if (one === undefined || other === undefined) return false
  return ['same', 'cosmetic'].includes(compareChecksums(one, other))
}

const SESSION: Readonly<Record<string, string>> = {
  postgresql: 'select pg_backend_pid() as id',
  mysql: 'select connection_id() as id',
}

async function sessionOf({ connection, dialect }: Database): Promise<string | undefined> {
  const sql = SESSION[dialect.name]
  if (sql === undefined) return undefined
  const { rows } = await connection.query(sql)
  return String(rows[0]?.id)
}

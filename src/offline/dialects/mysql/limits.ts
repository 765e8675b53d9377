import { limitsFor } from '../../../database/limits/time-limit.ts'
import type { ScriptFacts, ScriptStep } from '../script-dialect.ts'
import { execute, sqlText } from './sql-text.ts'

// Longer than anybody waits, and the longest that the server takes.
const LONGEST_S = 31_536_000

/** In whole seconds how long a statement of the script waits for a lock; undefined when nobody has said anything. */
export function lockWait({ settings }: Pick<ScriptFacts, 'settings'>): number | undefined {
  const { ms, source } = limitsFor(settings, {}, undefined).tableLock
  return source === 'default' ? undefined : seconds(ms)
}

/** Before the first statement of the revision: what its limits are. */
export function setLimits(facts: ScriptFacts, step: ScriptStep): string {
  const ms = step.limits?.tableLockTimeoutMs
  const lock =
    ms === undefined
      ? ''
      : [
          'SET @rev_lock_wait = @@SESSION.lock_wait_timeout, @rev_row_wait = @@SESSION.innodb_lock_wait_timeout,\n',
          `  SESSION lock_wait_timeout = ${seconds(ms)}, SESSION innodb_lock_wait_timeout = ${seconds(ms)};\n`,
        ].join('')
  const statement = statementLimit(facts, step)
  return statement === undefined ? lock : `${lock}${setStatementLimit(statement)}`
}

/** Before rev's own statements: the limit is not meant for them. */
export function liftStatementLimit(facts: ScriptFacts, step: ScriptStep): string {
  return statementLimit(facts, step) === undefined ? '' : setStatementLimit(0)
}

/** After the step. */
export function endLimits({ limits }: ScriptStep): string {
  if (limits?.tableLockTimeoutMs === undefined) return ''
  return 'SET SESSION lock_wait_timeout = @rev_lock_wait, SESSION innodb_lock_wait_timeout = @rev_row_wait;\n'
}

function statementLimit({ settings }: ScriptFacts, { limits }: ScriptStep): number | undefined {
  const { ms, source } = limitsFor(settings, {}, limits).statement
  return source === 'default' || ms === 0 ? undefined : ms
}

// Each of the two servers has one of its own, and that of MySQL ends nothing but what only reads.
function setStatementLimit(ms: number): string {
  const mariadb = sqlText(`SET SESSION max_statement_time = ${ms / 1000}`)
  return execute(`IF(VERSION() LIKE '%MariaDB%', ${mariadb}, ${sqlText(`SET SESSION max_execution_time = ${ms}`)})`)
}

const seconds = (ms: number): number => (ms === 0 ? LONGEST_S : Math.min(LONGEST_S, Math.max(1, Math.ceil(ms / 1000))))

import type { ScriptFacts } from '../script-dialect.ts'
import { waitLine } from './limits.ts'

// After a byte order mark, which an editor has put in front, sqlite3 takes the header for the beginning of a statement and
// the commands below it for the rest: without `.bail on` it would go on after an error.
const END_OF_HEADER = ';'

// Each proof of the guard is a CHECK, and a session may have been told to let them pass.
const CHECKS = 'PRAGMA ignore_check_constraints = OFF;'

/** Commands of the client and settings of the session. */
export function setup(facts: ScriptFacts): string {
  const wait = waitLine(facts)
  const lines = facts.client === 'sqlite3' ? [END_OF_HEADER, '.bail on', wait, ...doubleQuotes(facts)] : [wait]
  return `${[...lines, 'PRAGMA legacy_alter_table = OFF;', 'PRAGMA recursive_triggers = OFF;', CHECKS].join('\n')}\n`
}

/**
 * Whether a name in double quotes that does not exist is a text, as the driver is built: `better-sqlite3` takes it for the
 * mistake that it is. A client that is too old to know these says so and goes on.
 */
function doubleQuotes({ dialect }: ScriptFacts): string[] {
  const asDriver = dialect.driver === 'sqlite3' ? 'on' : 'off'
  return [`.dbconfig dqs_dml ${asDriver}`, `.dbconfig dqs_ddl ${asDriver}`]
}

/** How the script is run, in one line. */
export function runWith({ client }: ScriptFacts): string {
  return client === 'sqlite3'
    ? 'sqlite3 -bail -batch DATABASE < FILE'
    : 'a client that sends everything on one connection and stops at the first error'
}

/** What a reader must know. */
export function notes({ client, guarded }: ScriptFacts): string[] {
  const stopping =
    client === 'sqlite3'
      ? 'Leave .bail on where it is: SQLite goes on after an error, even in a transaction, and cannot tell of it afterwards.'
      : 'SQLite goes on after an error, even in a transaction: the client must stop at the first one.'
  return guarded
    ? [stopping, 'Not with -safe, which forbids ATTACH: the lock lies in a file beside the database.']
    : [stopping]
}

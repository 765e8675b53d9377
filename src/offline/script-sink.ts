import type { SqlFamily } from '../sql/sql-family.ts'
import type { ScriptStatement } from './fill-placeholders.ts'

export type WriteText = (text: string) => void | Promise<void>

// After these MySQL has committed, whatever was open.
const MYSQL_COMMITS =
  /^\s*(?:alter|analyze|cache|check|create(?!\s+temporary\s+table)|drop(?!\s+temporary\s+table)|flush|grant|install|lock|optimize|rename|repair|reset|revoke|set\s+password|truncate|uninstall|unlock)\b/i
// Leading comments do not hide the verb.
const LEADING_COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?!M?!)[\s\S]*?\*\/)+/

/**
 * Puts statements and comments into the script, one after the other, and knows which transaction is open where they
 * stand. Nothing is held back: each piece goes to `write` when it is known. The order is that of the calls, so no
 * method may wait before it has handed over its text.
 *
 * MySQL commits with each change of the schema, so a BEGIN around a whole revision would promise what is not kept.
 * There the sink opens a transaction before the first change of rows and closes it before the next change of the schema.
 */
export class ScriptSink {
  readonly #family: SqlFamily
  readonly #write: WriteText
  #written: Promise<void> = Promise.resolve()
  #failure: { error: unknown } | undefined
  #isOpen = false
  #isAutomatic = false
  #savepoints: string[] = []

  constructor(family: SqlFamily, write: WriteText) {
    this.#family = family
    this.#write = write
  }

  /** Writes text as it is; the promise settles when it, and everything before it, has been taken. */
  text(text: string): Promise<void> {
    const written = this.#written.then(() => this.#write(text))
    this.#written = written
    // Whoever awaits this piece or the next hears of the failure; unheard it would end the process.
    written.catch((error: unknown) => {
      this.#failure ??= { error }
    })
    return written
  }

  /** Throws what `write` has thrown, as it is. */
  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** Opens the transaction of a revision, or on MySQL gets ready to open it where it means something. */
  begin(): Promise<void> {
    if (this.#family !== 'mysql') return this.open()
    this.#isAutomatic = true
    return this.#written
  }

  /** Opens a transaction here, with a statement of its own or the usual one. */
  open(statement: string = BEGIN[this.#family]): Promise<void> {
    if (this.#isOpen) return this.#written
    this.#isOpen = true
    return this.text(`${statement};\n\n`)
  }

  /** Commits what is open; nothing when nothing is. */
  commit(): Promise<void> {
    this.#isAutomatic = false
    return this.#close('COMMIT')
  }

  /** Gives up what is open; nothing when nothing is. */
  rollback(): Promise<void> {
    this.#isAutomatic = false
    return this.#close('ROLLBACK')
  }

  savepoint(name: string): Promise<void> {
    if (this.#isAutomatic) void this.open()
    this.#savepoints.push(name)
    return this.text(`SAVEPOINT ${name};\n\n`)
  }

  /** Keeps or takes back what came after the savepoint; nothing when MySQL has forgotten the savepoint by a commit. */
  endSavepoint(name: string, ending: 'RELEASE SAVEPOINT' | 'ROLLBACK TO SAVEPOINT'): Promise<void> {
    const index = this.#savepoints.indexOf(name)
    if (index === -1) return this.#written
    this.#savepoints.length = index
    return this.text(`${ending} ${name};\n\n`)
  }

  statement({ sql, hasBody }: ScriptStatement): Promise<void> {
    if (this.#family === 'mysql' && MYSQL_COMMITS.test(sql.replace(LEADING_COMMENTS, ''))) {
      this.#savepoints = []
      if (this.#isAutomatic) void this.#close('COMMIT')
    } else if (this.#isAutomatic) void this.open()
    // A comment at the end of a line would hide the semicolon.
    const ended = /(?:--|#)[^\n]*$/.test(sql) ? `${sql}\n` : sql
    if (!hasBody || this.#family !== 'mysql') return this.text(`${ended};\n\n`)
    const delimiter = freeDelimiter(sql)
    return this.text(`DELIMITER ${delimiter}\n${ended}${delimiter}\nDELIMITER ;\n\n`)
  }

  #close(ending: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    if (!this.#isOpen) return this.#written
    this.#isOpen = false
    this.#savepoints = []
    return this.text(`${ending};\n\n`)
  }
}

const BEGIN: Readonly<Record<SqlFamily, string>> = {
  postgresql: 'BEGIN',
  mysql: 'START TRANSACTION',
  sqlite: 'BEGIN IMMEDIATE',
}

function freeDelimiter(sql: string): string {
  let delimiter = '$$'
  while (sql.includes(delimiter)) delimiter += '$'
  return delimiter
}

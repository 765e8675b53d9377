import { allSqlTokens } from '../../../sql/sql-tokens.ts'

const NAME = /((?:"[^"]*")+|(?:'[^']*')+|(?:`[^`]*`)+|\[[^\]]*\]|[^\s;]+)/
const SAVEPOINT = new RegExp(
  String.raw`^(savepoint|release(?:\s+savepoint)?|rollback\s+(?:transaction\s+)?to(?:\s+savepoint)?)(?:\s+|(?=["'\x60[]))${NAME.source}`,
  'i',
)

// Cheap, for every statement.
const MAY_BE_ONE = /savepoint|rollback|release/i

/** The savepoints of a step: those that it sets and ends with SQL of its own, and Knex's between them. */
export class OwnSavepoints {
  #open: { readonly name: string; readonly proven: number }[] = []

  /** A step begins. */
  restart(): void {
    this.#open = []
  }

  /**
   * Takes a statement, before which so much was proven. What was proven when the savepoint was set that it goes back to;
   * undefined for every other statement.
   */
  hear(sql: string, proven: number): number | undefined {
    if (!MAY_BE_ONE.test(sql)) return undefined
    const [, word = '', written = ''] = SAVEPOINT.exec(withoutComments(sql)) ?? []
    if (word === '') return undefined
    const name = written.replace(/^["'`[]|["'`\]]$/g, '').toLowerCase()
    if (/^savepoint/i.test(word)) {
      this.#open.push({ name, proven })
      return undefined
    }
    const index = this.#open.findLastIndex((savepoint) => savepoint.name === name)
    if (index === -1) return undefined
    const isBack = /^rollback/i.test(word)
    const before = this.#open[index]?.proven
    // Gone back to, it is still there.
    this.#open.length = isBack ? index + 1 : index
    return isBack ? before : undefined
  }
}

function withoutComments(sql: string): string {
  const pieces = allSqlTokens(sql, 'sqlite').map(({ kind, start, end }) =>
    kind === 'comment' ? ' ' : sql.slice(start, end),
  )
  return pieces.join('').trim()
}

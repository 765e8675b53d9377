const SAVEPOINT = /^(savepoint|release(?:\s+savepoint)?|rollback\s+(?:transaction\s+)?to(?:\s+savepoint)?)\s+([^\s;]+)/i

/** The savepoints that a revision sets and ends with SQL of its own; those of Knex come by themselves. */
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
    const [, word = '', written = ''] = SAVEPOINT.exec(sql.trim()) ?? []
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

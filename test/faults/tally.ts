/** Where a process was hit, as far as what it had said and what the database holds tells. */
export const WHERE = [
  'before the run',
  'between two steps',
  'in a transaction',
  'in a statement that commits by itself',
  'elsewhere in a revision that commits by itself',
  'after the commit',
] as const

export type Where = (typeof WHERE)[number]

/** Counts what happened, for the figures in docs/reliability.md. */
export interface Tally {
  /** One process that was hit; `settledMs` is how long the server still had to do with it. */
  hit(where: Where, settledMs: number): void
  /** The history has come all the way up or down. */
  finish(): void
  hits(): number
  /** A table in Markdown, with one row, and what it is about above it. */
  report(): string
}

/** `what`: the fault, in the plural. */
export function createTally(title: string, what: string): Tally {
  const counts = new Map<Where, number>()
  const began = Date.now()
  let slowest = 0
  let finished = 0
  const hits = (): number => [...counts.values()].reduce((sum, count) => sum + count, 0)
  return {
    hit(where, settledMs) {
      counts.set(where, (counts.get(where) ?? 0) + 1)
      slowest = Math.max(slowest, settledMs)
    },
    finish() {
      finished++
    },
    hits,
    report() {
      const seconds = Math.round((Date.now() - began) / 1000)
      const columns = ['database', what, ...WHERE, 'all the way', 'processes', 'server let go after', 'time']
      const places = WHERE.map((where) => counts.get(where) ?? 0)
      const figures = [hits(), ...places, finished, hits() + finished, `${Math.round(slowest)} ms`, `${seconds} s`]
      return [columns, columns.map(() => '---'), [title, ...figures]]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n')
    },
  }
}

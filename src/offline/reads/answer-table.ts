/** A column of an answer, as far as it counts. */
export interface AnswerColumn {
  readonly name: string
  /** `presence`: its values differ between databases of the same schema, so only whether there is one counts. */
  readonly counts: 'value' | 'presence' | 'nothing'
}

/** A query whose answer is to be put into one text. */
export interface AnswerTable {
  /** On one line. */
  readonly query: string
  /** All of its columns, in order. */
  readonly columns: readonly AnswerColumn[]
  /** The rows count in the order of the query. */
  readonly isOrdered: boolean
}

/** The query as a relation for a FROM, what has to stand before the SELECT, and how its columns that count are called there. */
export interface AnswerSource {
  /** Empty, or a WITH and a space. */
  readonly before: string
  readonly from: string
  readonly columns: readonly { readonly reference: string; readonly counts: 'value' | 'presence' }[]
}

const PLAIN_NAME = /^[A-Za-z_]\w*$/

/** By their names where each has a plain one of its own, so that further columns of another server do no harm; else by place. */
export function answerSource({ query, columns }: AnswerTable, quote: (name: string) => string): AnswerSource {
  const names = columns.map(({ name }) => name.toLowerCase())
  const isNamed = names.every((name) => PLAIN_NAME.test(name)) && new Set(names).size === names.length
  const called = columns.map(({ name, counts }, index) => ({
    reference: isNamed ? `rev_q.${quote(name)}` : `rev_q.c${index + 1}`,
    counts,
  }))
  const counting = called.flatMap(({ reference, counts }) => (counts === 'nothing' ? [] : [{ reference, counts }]))
  if (isNamed) return { before: '', from: `(${query}) rev_q`, columns: counting }
  const places = columns.map((_column, index) => `c${index + 1}`).join(', ')
  return { before: `WITH rev_q (${places}) AS (${query}) `, from: 'rev_q', columns: counting }
}

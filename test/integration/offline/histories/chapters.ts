import type { RevisionText } from '../../../support/temp-project.ts'

/** One revision of a chapter: what it is about, and the bodies of its functions. */
interface Entry {
  readonly message: string
  readonly upgrade: string
  readonly downgrade: string
  /** False for a revision without a transaction. */
  readonly transaction?: false
}

/** What a project does, over the years, about one thing that it stores: always in the same order, under another name. */
export type Chapter = (thing: string) => readonly Entry[]

/** The things a project stores; each has a chapter. The third and the fourth are written at the same time, on branches. */
const THINGS = ['account', 'product', 'invoice', 'search', 'ticket', 'report'] as const

/** The last revision before the branches. */
export const middleOf = (chapter: Chapter): string => idOf('product', chapter('product').length)

/** The revision files of a whole project: a line, two branches, a merge, and a line again. */
export function historyOf(chapter: Chapter): RevisionText[] {
  const [account, product, invoice, search, ticket, report] = THINGS
  const length = chapter(account).length
  const end = (thing: string): string => idOf(thing, length)
  const merge: RevisionText = { revision: 'merged', down: [end(invoice), end(search)], message: 'merge the branches' }
  return [
    ...line(chapter, account, null),
    ...line(chapter, product, end(account)),
    ...line(chapter, invoice, end(product), 'billing'),
    ...line(chapter, search, end(product), 'finding'),
    merge,
    ...line(chapter, ticket, merge.revision),
    ...line(chapter, report, end(ticket)),
  ]
}

const idOf = (thing: string, number: number): string => `${thing}_${String(number).padStart(2, '0')}`

function line(chapter: Chapter, thing: string, after: string | null, label?: string): RevisionText[] {
  return chapter(thing).map((entry, index) => ({
    revision: idOf(thing, index + 1),
    down: index === 0 ? after : idOf(thing, index),
    message: entry.message,
    upgrade: entry.upgrade,
    downgrade: entry.downgrade,
    ...(entry.transaction === false ? { extra: 'export const transaction = false' } : {}),
    ...(index === 0 && label !== undefined ? { labels: label } : {}),
  }))
}

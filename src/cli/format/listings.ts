import type { BranchesResult } from '../../commands/branches.ts'
import type { CurrentResult } from '../../commands/current.ts'
import type { HeadsResult } from '../../commands/heads.ts'
import type { HistoryResult } from '../../commands/history.ts'
import type { ListTemplatesResult } from '../../commands/list-templates.ts'
import type { RevisionInfo } from '../../commands/revision-info.ts'
import type { ShowResult } from '../../commands/show.ts'
import { printableLine } from '../printable.ts'
import type { Style } from '../style.ts'
import { headLine, longText, shortLine } from './revision-text.ts'

/** How a listing is to look. */
export interface Look {
  readonly style: Style
  /** The long form: everything known of each revision. */
  readonly long: boolean
  /** How many characters a line of the terminal has; undefined where it is read by no terminal. */
  readonly columns?: number | undefined
}

/** One line for each head, or the long form. */
export function formatHeads(result: HeadsResult, look: Look): string {
  return list(result.revisions, look, headLine)
}

/** One line for each revision, newest first, or the long form. */
export function formatHistory(result: HistoryResult, look: Look): string {
  return list(result.revisions, look, shortLine)
}

/** The long form, always. */
export function formatShow(result: ShowResult, look: Look): string {
  return list(result.revisions, { ...look, long: true }, headLine)
}

/** Each branch point with its children indented below it. */
export function formatBranches(result: BranchesResult, look: Look): string {
  const { style, long } = look
  const points = result.branchPoints.map(({ revision, children }) =>
    [
      long ? longText(revision, style) : headLine(revision, style),
      ...children.map((child) => `  -> ${headLine(child, style)}`),
    ].join('\n'),
  )
  return lines(long && points.length > 0 ? [points.join('\n\n')] : points)
}

/** One line for each row that the files know, and one for each that they do not. */
export function formatCurrent(result: CurrentResult, look: Look): string {
  const { style } = look
  const known = result.revisions.map((info) => {
    if (look.long) return longText(info, style)
    return result.rows.includes(info.revision) ? headLine({ ...info, current: false }, style) : implied(info, style)
  })
  const unknown = result.unknown.map(
    (row) => `${style.yellow(printableLine(row))} ${style.red('(no file knows this revision)')}`,
  )
  return lines(look.long ? [...known, ...unknown].join('\n\n').split('\n') : [...known, ...unknown])
}

/** One line for each template: name, where it is from, what it is for. */
export function formatTemplates(result: ListTemplatesResult, { style }: Look): string {
  const width = Math.max(0, ...result.templates.map(({ name }) => name.length))
  return lines(
    result.templates.map(({ name, description, builtIn }) => {
      const mark = builtIn ? '' : ' (of this project)'
      return `${style.yellow(printableLine(name.padEnd(width)))}  ${printableLine(description)}${mark}`
    }),
  )
}

function implied(info: RevisionInfo, style: Style): string {
  return `${headLine({ ...info, current: false }, style)} ${style.dim('(through a dependency)')}`
}

function list(
  revisions: readonly RevisionInfo[],
  { style, long }: Look,
  line: (info: RevisionInfo, style: Style) => string,
): string {
  if (!long) return lines(revisions.map((info) => line(info, style)))
  return lines(revisions.length === 0 ? [] : [revisions.map((info) => longText(info, style)).join('\n\n')])
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}

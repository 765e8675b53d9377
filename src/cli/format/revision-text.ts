import type { RevisionInfo } from '../../commands/revision-info.ts'
import { printable, printableLine } from '../printable.ts'
import type { Style } from '../style.ts'

const joined = (ids: readonly string[]): string => ids.map(printableLine).join(', ')

/** `4f0c2a91d3be (billing) (head) (current), add country table` */
export function headLine(info: RevisionInfo, style: Style): string {
  return `${style.yellow(printableLine(info.revision))}${labelMark(info, style)}${marks(info, style)}${message(info)}`
}

/** `1975ea83b712 -> 4f0c2a91d3be (head), add country table`: with what is below it, and what it depends on. */
export function shortLine(info: RevisionInfo, style: Style): string {
  const below = info.downRevisions.length === 0 ? '<base>' : joined(info.downRevisions)
  const needs = info.dependsOn.length === 0 ? '' : ` (${joined(info.dependsOn)})`
  return `${below}${needs} -> ${headLine(info, style)}`
}

/** Everything known of a revision, over several lines. */
export function longText(info: RevisionInfo, style: Style): string {
  const lines = [`Rev: ${style.yellow(printableLine(info.revision))}${marks(info, style)}`]
  if (info.downRevisions.length > 1) lines.push(`Merges: ${joined(info.downRevisions)}`)
  else lines.push(`Parent: ${info.downRevisions.length === 0 ? '<base>' : joined(info.downRevisions)}`)
  if (info.dependsOn.length > 0) lines.push(`Also depends on: ${joined(info.dependsOn)}`)
  if (info.requires.length > 0) lines.push(`Requires: ${info.requires.map(requirementText).join(', ')}`)
  if (info.dependents.length > 0) lines.push(`Needed by: ${joined(info.dependents)}`)
  if (info.isBranchPoint) lines.push(`Branches into: ${joined(info.children)}`)
  if (info.labels.length > 0) lines.push(`Branch names: ${joined(info.labels)}`)
  if (info.file !== undefined) lines.push(`Path: ${printableLine(info.file)}`)
  const text = [info.message, info.description].filter((part) => part !== '').join('\n\n')
  if (text !== '')
    lines.push(
      '',
      ...printable(text)
        .split('\n')
        .map((line) => (line === '' ? '' : `    ${line}`)),
    )
  return lines.join('\n')
}

/** `c1f00d of analytics` */
export function requirementText({ database, revision }: RevisionInfo['requires'][number]): string {
  return `${printableLine(revision)} of ${printableLine(database)}`
}

function labelMark(info: RevisionInfo, style: Style): string {
  return info.labels.length === 0 ? '' : ` ${style.cyan(`(${joined(info.labels)})`)}`
}

function marks(info: RevisionInfo, style: Style): string {
  const words = [
    // Alembic's word for a head that another revision depends on: it is there without a row of its own.
    info.isEffectiveHead ? style.green('(head)') : info.isHead ? style.green('(head, depended on)') : '',
    info.current ? style.bold('(current)') : '',
    info.isBranchPoint ? '(branchpoint)' : '',
    info.isMergePoint ? '(mergepoint)' : '',
  ]
  return words
    .filter((word) => word !== '')
    .map((word) => ` ${word}`)
    .join('')
}

function message(info: RevisionInfo): string {
  return info.message === '' ? '' : `, ${printableLine(info.message)}`
}

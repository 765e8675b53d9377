import { type GraphProblem, graphProblems } from '../errors/graph-problems.ts'
import { type Revision, type RevisionHeader, toRevision } from './revision.ts'

/** What headers say, and what in them is of no use. */
export interface ReadHeaders {
  readonly revisions: readonly Revision[]
  readonly problems: readonly GraphProblem[]
}

const LISTS = ['down_revision', 'branch_labels', 'depends_on'] as const

/**
 * Makes revisions of headers in load order. Types promise well-formed headers, and plain JavaScript does not keep to
 * them: what is not text is a problem of its own and left out, so that the other problems can be found, too.
 */
export function readHeaders(headers: Iterable<RevisionHeader>): ReadHeaders {
  const revisions: Revision[] = []
  const problems: GraphProblem[] = []
  for (const header of headers as Iterable<unknown>) {
    const fields = asFields(header)
    const { revision } = fields
    const place = {
      revision: typeof revision === 'string' ? revision : shown(revision),
      file: typeof fields.file === 'string' ? fields.file : undefined,
    }
    const wrong = LISTS.filter((name) => !isTexts(fields[name]))
    for (const name of wrong) problems.push(graphProblems.notTexts(place, name, shown(fields[name])))
    if (typeof revision !== 'string') problems.push(graphProblems.idIsNotText(place.revision, place.file))
    else if (wrong.length === 0) revisions.push(toRevision(header as RevisionHeader))
    else {
      const usable = Object.fromEntries(wrong.map((name) => [name, textsOf(fields[name])]))
      revisions.push(toRevision({ ...(header as RevisionHeader), ...usable }))
    }
  }
  return { revisions, problems }
}

function asFields(header: unknown): Readonly<Record<string, unknown>> {
  return typeof header === 'object' && header !== null ? (header as Readonly<Record<string, unknown>>) : {}
}

function isTexts(value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'string') return true
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  if (typeof value === 'string') return `"${value}"`
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

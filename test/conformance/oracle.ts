import type { RevisionHeader } from '../../src/graph/revision.ts'

/*
 * What must hold of every answer, worked out from the headers alone, slowly and without any code of rev.
 */

type Headers = readonly RevisionHeader[]

const listOf = (written: string | readonly string[] | null | undefined): readonly string[] => [written ?? []].flat()

function idBehind(headers: Headers, name: string): string {
  const found = headers.find(({ revision }) => revision === name)
  return (found ?? headers.find(({ branch_labels }) => listOf(branch_labels).includes(name)))?.revision ?? name
}

/** For each id, everything that must be applied before it: down revisions and dependencies, all the way. */
export function ancestorsOf(headers: Headers): Map<string, Set<string>> {
  const direct = new Map(
    headers.map((header) => {
      const names = [...listOf(header.down_revision), ...listOf(header.depends_on)]
      return [header.revision, names.map((name) => idBehind(headers, name))]
    }),
  )
  return new Map(headers.map(({ revision }) => [revision, closure(revision, direct)]))
}

function closure(start: string, direct: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>()
  const open = [...(direct.get(start) ?? [])]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue
    found.add(id)
    open.push(...(direct.get(id) ?? []))
  }
  return found
}

/** Line ancestors of what a name stands for, the revision itself, and its line descendants. */
export function lineOf(headers: Headers, name: string): Set<string> {
  const id = idBehind(headers, name)
  const down = new Map(headers.map(({ revision, down_revision }) => [revision, listOf(down_revision)]))
  const descendants = headers.filter(({ revision }) => closure(revision, down).has(id))
  return new Set([id, ...closure(id, down), ...descendants.map(({ revision }) => revision)])
}

/** The rows and all of their ancestors. */
export function appliedBy(ancestors: ReadonlyMap<string, ReadonlySet<string>>, rows: readonly string[]): Set<string> {
  return new Set(rows.flatMap((row) => [row, ...(ancestors.get(row) ?? [])]))
}

/** The applied revisions that are no ancestors of another applied one. */
export function maximal(ancestors: ReadonlyMap<string, ReadonlySet<string>>, applied: ReadonlySet<string>): string[] {
  const implied = new Set([...applied].flatMap((id) => [...(ancestors.get(id) ?? [])]))
  return [...applied].filter((id) => !implied.has(id))
}

/** Whether each revision comes after those of its ancestors that are in the list as well. */
export function isOldestFirst(ancestors: ReadonlyMap<string, ReadonlySet<string>>, ids: readonly string[]): boolean {
  return ids.every((id, place) => ids.slice(place + 1).every((later) => !ancestors.get(id)?.has(later)))
}

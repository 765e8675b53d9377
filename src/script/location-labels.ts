import { RevError } from '../errors/index.ts'
import type { RevisionHeader } from '../graph/revision.ts'
import type { VersionLocation } from '../settings.ts'

/** A revision and the version location that it lies in. */
export interface LocatedHeader {
  readonly header: RevisionHeader
  readonly location: VersionLocation
}

/**
 * The headers with the labels of their locations: a location's label belongs to the only base in it, or, when it holds
 * no base, to the only revision in it that comes after none of the others. Nothing is labelled, and an error of the code
 * REV_FILE_LOCATION_LABEL given, where there are several.
 */
export function applyLocationLabels(located: readonly LocatedHeader[]): {
  headers: RevisionHeader[]
  errors: RevError[]
} {
  const errors: RevError[] = []
  const labels = new Map<RevisionHeader, string>()
  const byLocation = new Map<VersionLocation, RevisionHeader[]>()
  for (const { header, location } of located) {
    const headers = byLocation.get(location)
    if (headers === undefined) byLocation.set(location, [header])
    else headers.push(header)
  }
  for (const [{ path, label }, headers] of byLocation) {
    if (label === undefined) continue
    const bases = findBases(headers)
    const [only] = bases
    if (only !== undefined && bases.length === 1) labels.set(only, label)
    else if (bases.length > 1) {
      errors.push(
        new RevError('REV_FILE_LOCATION_LABEL', {
          directory: path,
          label,
          bases: bases.map(({ revision }) => revision),
        }),
      )
    }
  }
  return { headers: located.map(({ header }) => withLabel(header, labels.get(header))), errors }
}

function findBases(headers: readonly RevisionHeader[]): RevisionHeader[] {
  const bases = headers.filter((header) => toList(header.down_revision).length === 0)
  if (bases.length > 0) return bases
  const here = new Set(headers.map(({ revision }) => revision))
  return headers.filter((header) => !toList(header.down_revision).some((parent) => here.has(parent)))
}

function withLabel(header: RevisionHeader, label: string | undefined): RevisionHeader {
  const own = toList(header.branch_labels)
  return label === undefined || own.includes(label) ? header : { ...header, branch_labels: [...own, label] }
}

/** One, several or none, as an array. */
export function toList(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === undefined || value === null) return []
  return typeof value === 'string' ? [value] : value
}

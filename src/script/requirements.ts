import { show } from './show-value.ts'

/** A revision of another database that has to be applied there before this one runs. */
export interface Requirement {
  /** The name of the database in the knexfile. */
  readonly database: string
  /** The whole id. */
  readonly revision: string
}

type Exports = Readonly<Record<string, unknown>>

/** The faults of `requires`, each a sentence; empty when there are none. */
export function findRequirementFaults({ requires }: Exports): string[] {
  if (requires === undefined || requires === null) return []
  return listOf(requires)
    .filter((each) => !isRequirement(each))
    .map(
      (each) =>
        `"requires" must be a list such as [{ database: 'analytics', revision: '4f0c2a91d3be' }], there is ${shown(each)}`,
    )
}

/** What `requires` says, of exports without faults. */
export function requirementsOf({ requires }: Exports): readonly Requirement[] {
  if (requires === undefined || requires === null) return NONE
  return (listOf(requires) as readonly Requirement[]).map(({ database, revision }) => ({ database, revision }))
}

const NONE: readonly Requirement[] = Object.freeze([])

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function isRequirement(value: unknown): value is Requirement {
  if (typeof value !== 'object' || value === null) return false
  const { database, revision, ...others } = value as Exports
  const isText = (text: unknown) => typeof text === 'string' && text !== ''
  return isText(database) && isText(revision) && Object.keys(others).length === 0
}

function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return show(value)
  const keys = Object.keys(value)
  return keys.length === 0 ? 'an object without keys' : `an object with ${keys.map((key) => `"${key}"`).join(', ')}`
}

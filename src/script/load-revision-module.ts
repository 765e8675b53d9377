import { RevError } from '../errors/index.ts'
import { findConfigFaults, limitsOfConfig, transactionOfConfig } from './revision-config.ts'
import { findHeaderFaults, findMisspelled } from './revision-exports.ts'
import type { RevisionFunction, RevisionModule } from './revision-module.ts'
import { show } from './show-value.ts'

type Exports = Readonly<Record<string, unknown>>

/**
 * Checks the exports of a loaded revision and gives them in one shape. Throws REV_FILE_INVALID_EXPORTS with every fault
 * at once, or REV_FILE_NOT_A_REVISION for a file that is none, such as a plain Knex migration.
 */
export function toRevisionModule(exports: Exports, file: string): RevisionModule {
  if (exports.revision === undefined) throw notARevision(new Set(Object.keys(exports)), file)
  const problems = [...findHeaderFaults(exports), ...findFunctionFaults(exports), ...findConfigFaults(exports)]
  const { revision, irreversible } = exports
  if (problems.length > 0) {
    const id = typeof revision === 'string' ? { revision } : {}
    throw new RevError('REV_FILE_INVALID_EXPORTS', { file, ...id, problems })
  }
  return {
    revision: revision as string,
    upgrade: exports.upgrade as RevisionFunction,
    offline: (exports.offline ?? undefined) as RevisionFunction | undefined,
    downgrade: typeof exports.downgrade === 'function' ? (exports.downgrade as RevisionFunction) : undefined,
    irreversible: irreversible === undefined || irreversible === null ? undefined : (irreversible as string),
    transaction: (exports.transaction ?? transactionOfConfig(exports) ?? true) as boolean,
    limits: limitsOfConfig(exports),
  }
}

/** The error of a file that exports no `revision`, by the names that it does export. */
export function notARevision(names: ReadonlySet<string>, file: string): RevError {
  const isKnex = names.has('up') && names.has('down')
  const misspelled = [...names].find((name) => findMisspelled(name) === 'revision')
  return new RevError('REV_FILE_NOT_A_REVISION', {
    file,
    looksLike: isKnex ? 'knex' : 'unknown',
    ...(misspelled === undefined ? {} : { misspelled }),
  })
}

function findFunctionFaults({ upgrade, offline, downgrade, irreversible, up, down }: Exports): string[] {
  const faults: string[] = []
  const called = (name: string, other: unknown) =>
    typeof other === 'function' ? `; there is "${name}", which is Knex's word` : ''
  if (typeof upgrade !== 'function')
    faults.push(`"upgrade" must be a function, it is ${show(upgrade)}${called('up', up)}`)
  if (offline !== undefined && offline !== null && typeof offline !== 'function')
    faults.push(`"offline" must be a function, it is ${show(offline)}`)
  const hasReason = irreversible !== undefined && irreversible !== null
  if (hasReason && (typeof irreversible !== 'string' || irreversible.trim() === '')) {
    faults.push(`"irreversible" must be the reason, as a text, it is ${show(irreversible)}`)
  }
  if (typeof downgrade === 'function') {
    if (hasReason) faults.push('there are both "downgrade" and "irreversible": keep one of them')
  } else if (downgrade !== undefined && downgrade !== false && downgrade !== null) {
    faults.push(`"downgrade" must be a function or false, it is ${show(downgrade)}`)
  } else if (!hasReason) {
    const what = downgrade === undefined ? `"downgrade" is missing${called('down', down)}` : '"downgrade" is false'
    faults.push(`${what}: write one, or tell why there is none, as in: export const irreversible = 'drops a column'`)
  }
  return faults
}

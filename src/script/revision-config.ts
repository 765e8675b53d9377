import { parseDuration } from './duration.ts'
import { nearName } from './near-name.ts'
import type { RevisionConfig, RevisionLimits } from './revision-module.ts'
import { show } from './show-value.ts'

type Exports = Readonly<Record<string, unknown>>

const KEYS: Readonly<Record<keyof RevisionConfig, true>> = {
  transaction: true,
  tableLockTimeout: true,
  statementTimeout: true,
  retries: true,
}
// What else one might write.
const OTHER_WORDS: Readonly<Record<string, keyof RevisionConfig>> = {
  lockTimeout: 'tableLockTimeout',
  retry: 'retries',
}
const MOST_RETRIES = 100

/** The faults of `transaction` and `config`, each a sentence; empty when there are none. */
export function findConfigFaults(exports: Exports): string[] {
  const { config, transaction } = exports
  if (config === undefined && transaction === undefined) return []
  const faults: string[] = []
  if (config !== undefined && (typeof config !== 'object' || config === null)) {
    faults.push(`"config" must be an object, it is ${show(config)}`)
  }
  return [...faults, ...findTransactionFaults(exports), ...findLimitFaults(exports), ...findMisspelled(exports)]
}

/** What `config` says of the transaction, unchecked; undefined when it says nothing. */
export function transactionOfConfig(exports: Exports): unknown {
  return configOf(exports).transaction
}

/** The limits, of exports without faults. */
export function limitsOfConfig(exports: Exports): RevisionLimits {
  const { tableLockTimeout, statementTimeout, retries } = configOf(exports)
  return {
    tableLockTimeoutMs: parseDuration(tableLockTimeout),
    statementTimeoutMs: parseDuration(statementTimeout),
    retries: typeof retries === 'number' ? retries : 0,
  }
}

function configOf({ config }: Exports): Exports {
  return typeof config === 'object' && config !== null ? (config as Exports) : {}
}

function findTransactionFaults(exports: Exports): string[] {
  const { transaction } = exports
  const configured = transactionOfConfig(exports)
  const faults: string[] = []
  for (const [name, value] of [
    ['transaction', transaction],
    ['config.transaction', configured],
  ] as const) {
    if (value !== undefined && typeof value !== 'boolean')
      faults.push(`"${name}" must be true or false, it is ${show(value)}`)
  }
  if (typeof transaction === 'boolean' && typeof configured === 'boolean' && transaction !== configured) {
    faults.push(`"transaction" is ${transaction}, but "config.transaction" is ${configured}: keep one of them`)
  }
  return faults
}

function findLimitFaults(exports: Exports): string[] {
  const { tableLockTimeout, statementTimeout, retries } = configOf(exports)
  const faults: string[] = []
  for (const [name, value] of [
    ['config.tableLockTimeout', tableLockTimeout],
    ['config.statementTimeout', statementTimeout],
  ] as const) {
    if (value !== undefined && parseDuration(value) === undefined)
      faults.push(`"${name}" must be a length of time, such as '30s', '10m' or milliseconds, it is ${show(value)}`)
  }
  if (retries === undefined) return faults
  if (typeof retries !== 'number' || !Number.isInteger(retries) || retries < 0 || retries > MOST_RETRIES) {
    faults.push(`"config.retries" must be a whole number from 0 to ${MOST_RETRIES}, it is ${show(retries)}`)
  } else if (retries > 0 && (exports.transaction ?? transactionOfConfig(exports)) === false) {
    faults.push('"config.retries" needs a transaction: without one nothing is rolled back before the next attempt')
  }
  return faults
}

// Knex and others may keep things of their own there, so only a slip of the finger is named.
function findMisspelled(exports: Exports): string[] {
  const config = configOf(exports)
  return Object.keys(config).flatMap((name) => {
    if (Object.hasOwn(KEYS, name)) return []
    const right = Object.hasOwn(OTHER_WORDS, name) ? OTHER_WORDS[name] : nearName(name, Object.keys(KEYS))
    if (right === undefined || config[right] !== undefined) return []
    return [`"config.${name}" is not known here: it is called "config.${right}"`]
  })
}

import { types } from 'node:util'
import { nativeRequire } from '../platform.cts'
import { isThrownBy } from './import-failure.ts'

// Since these, Node keeps an ES module that threw under `require` as one that failed. Before them a later `import()` of it
// succeeds, with half of its exports.
const SINCE: ReadonlyMap<number, readonly [minor: number, patch: number]> = new Map([
  [20, [19, 6]],
  [22, [20, 0]],
  [24, [11, 0]],
])

// Node refuses these before it runs anything.
const NOT_RUN: ReadonlySet<unknown> = new Set([
  'ERR_REQUIRE_ASYNC_MODULE',
  'ERR_REQUIRE_CYCLE_MODULE',
  'ERR_REQUIRE_ESM',
  'ERR_REQUIRE_ESM_RACE_CONDITION',
])

/** What was loaded, as `import()` would have given it. */
export interface LoadedModule {
  readonly exports: unknown
}

/**
 * Loads an ES module that imports nothing at once, by `require`: that takes half of the time of `import()`, which counts
 * where a thousand revisions are loaded. Undefined when only `import()` may do it: for a module that imports others, as
 * these may be on their way already; for one that awaits; where this Node cannot do it well. Throws what the module throws.
 */
export function loadSelfContained(file: string, text: string): LoadedModule | undefined {
  if (nativeRequire === undefined || !CAN_REQUIRE || !isSelfContained(text)) return undefined
  try {
    const loaded = nativeRequire(file)
    return { exports: isAsImported(loaded) ? loaded : { default: loaded } }
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOT_RUN.has(error.code) && !isThrownBy(file, error)) {
      return undefined
    }
    throw error
  }
}

const CAN_REQUIRE = canRequireModules()

/** Whether `require` takes ES modules here, and does it well. */
export function canRequireModules(): boolean {
  const { require_module: isOn } = process.features as { readonly require_module?: boolean }
  const [major = 0, minor = 0, patch = 0] = process.versions.node.split('.').map(Number)
  if (isOn !== true || major > 24) return isOn === true
  const since = SINCE.get(major)
  return since !== undefined && (minor > since[0] || (minor === since[0] && patch >= since[1]))
}

// A word too many in a comment or a string only means that the file is imported. `module.exports` is a name that `require`
// gives another meaning to, also in an ES module. What is thrown and is no object, `null` say, has Node write a part of its
// own source to standard error under `require`, past everything that could keep it back.
function isSelfContained(text: string): boolean {
  return /^export\b/m.test(text) && !/\bimport\b|\bfrom\s*['"]|module\.exports|\bthrow(?!\s+new\s)/.test(text)
}

// Compilers that are hooked into `require` make CommonJS of it, and mark it so.
function isAsImported(loaded: unknown): boolean {
  return (
    types.isModuleNamespaceObject(loaded) || (typeof loaded === 'object' && loaded !== null && '__esModule' in loaded)
  )
}

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { resolveFrom } from '../../database/driver-check.ts'

/** A package that the project has installed. */
export interface ProjectPackage {
  /** The file that its name stands for. */
  readonly entry: string
  readonly version: string
  /** Loads what it has below its name as the package itself would find it. */
  readonly require: NodeJS.Require
}

/** Finds a package from the project's folder, without loading it; undefined when it is not installed there. */
export function findProjectPackage(directory: string, name: string): ProjectPackage | undefined {
  const entry = resolveFrom(createRequire(join(directory, 'package.json')), name)
  if (entry === undefined) return undefined
  return { entry, version: versionOf(entry, name), require: createRequire(entry) }
}

function versionOf(entry: string, name: string): string {
  for (let folder = dirname(entry); dirname(folder) !== folder; folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
      if (found.name === name) return String(found.version)
    } catch {
      // Not every folder of a package has one.
    }
  }
  return 'unknown'
}

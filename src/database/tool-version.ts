import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../platform.cts'

let version: string | undefined

/** The version of this package, for the event log. */
export function toolVersion(): string {
  version ??= String(
    (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: unknown }).version,
  )
  return version
}

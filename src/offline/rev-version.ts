import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../platform.cts'

/** The version of rev that writes the script. */
export function revVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
  return version
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../platform.cts'

let known: string | undefined

/** The version of the installed package. */
export function packageVersion(): string {
  known ??= readVersion()
  return known
}

function readVersion(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}

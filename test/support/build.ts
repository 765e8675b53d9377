import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './run-cli.ts'

const inputs = ['src', 'tsconfig.json', 'tsconfig.cjs.json', 'scripts/build.js'].map((path) => join(repository, path))
const result = join(repository, 'dist', 'cjs', 'index.js')

/** Global setup: the end-to-end and package tests run what is in dist, so it has to be as new as src. */
export default function buildWhenStale(): void {
  if (existsSync(result) && statSync(result).mtimeMs >= Math.max(...inputs.map(newest))) return
  execFileSync(process.execPath, [join(repository, 'scripts', 'build.js')], { stdio: 'inherit' })
}

function newest(path: string): number {
  const own = statSync(path)
  if (!own.isDirectory()) return own.mtimeMs
  return Math.max(own.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

// better-sqlite3 12 is the newest that runs on Node 20. On Node 24.19 and later it ends the process, and 13, which does
// not, brings its binaries inside the package. So a checkout on Node 24 or later gets 13, without a change to
// package.json or the lockfile. Runs before the build.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const WANTED = '13.2.0'
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const manifest = join(root, 'node_modules', 'better-sqlite3', 'package.json')

const major = (version) => Number.parseInt(version, 10)
if (major(process.versions.node) >= 24 && existsSync(manifest)) {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
  if (major(version) < major(WANTED)) {
    // Without scripts, or this one would start itself again.
    const args = ['install', '--no-save', '--no-package-lock', '--ignore-scripts', `better-sqlite3@${WANTED}`]
    execFileSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  }
}

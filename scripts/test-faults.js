// Runs the fault suite in its long form: more than two hundred kills on each database, and everything else that is in
// docs/reliability.md. `npm test` has the short form. What is behind `--` goes to Vitest: a file, or -t.
//
//   npm run test:faults
//   REV_FAULTS_SEED=123 npm run test:faults -- test/faults/kills/mysql.test.ts
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const args = ['run', '--config', join('test', 'vitest.config.ts'), '--project', 'faults', ...process.argv.slice(2)]
const env = { ...process.env, REV_FAULTS: 'full' }
const { status } = spawnSync(process.execPath, [vitest, ...args], { cwd: root, env, stdio: 'inherit' })
process.exitCode = status ?? 1

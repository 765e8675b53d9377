import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunResult } from './run-cli.ts'
import type { TempProject } from './temp-project.ts'

// ES modules are seen by a loader hook, CommonJS ones are in the cache of `require` when the process ends.
const SPY = `
import { appendFileSync } from 'node:fs'
import { createRequire, register } from 'node:module'
const hook = "import { appendFileSync } from 'node:fs'\\n" +
  "export async function load(url, context, next) { appendFileSync(process.env.REV_TEST_LOADED, url + '\\\\n'); return next(url, context) }"
register('data:text/javascript,' + encodeURIComponent(hook))
process.on('exit', () => {
  const cache = Object.keys(createRequire(import.meta.url)('node:module')._cache)
  appendFileSync(process.env.REV_TEST_LOADED, cache.map((file) => file + '\\n').join(''))
})
`

/** Runs `rev` in a project and says which modules the process loaded, as paths and file URLs. */
export async function modulesLoadedBy(
  project: TempProject,
  args: readonly string[],
): Promise<RunResult & { readonly loaded: readonly string[] }> {
  const spy = project.write('spy.mjs', SPY)
  const list = join(project.path, 'loaded.txt')
  const result = await project.rev(args, { env: { NODE_OPTIONS: `--import ${spy}`, REV_TEST_LOADED: list } })
  return { ...result, loaded: readFileSync(list, 'utf8').split('\n').filter(Boolean) }
}

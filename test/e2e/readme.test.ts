import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { describeEachDialect, type TestDatabase } from '../support/databases.ts'
import { documentBlocks } from '../support/readme-blocks.ts'
import { repository, run } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

/*
 * Runs every example of the README, in order, as it stands. Blocks of one sandbox share a folder: `example` is a copy of
 * this repository's tracked files, `empty` and `typed` are projects with nothing in them. Two things are prepared so that
 * no package has to be compiled or fetched: `example` finds the installed packages in place, and in the others
 * `npm install knex-rev ...` is answered with links to this package and those that it was built with. The database `shop`
 * is one of this test, under another name.
 */

const blocks = documentBlocks('README.md')
const sandboxes = new Map<string, TempProject>()

afterAll(() => {
  for (const sandbox of sandboxes.values()) sandbox.remove()
})

function sandboxOf(name: string): TempProject {
  const known = sandboxes.get(name)
  if (known) return known
  const project = createTempProject({ lifetime: 'manual', packages: false, type: name === 'typed' ? 'module' : null })
  sandboxes.set(name, project)
  if (name === 'example') copyRepository(project.path)
  return project
}

function copyRepository(to: string): void {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', list, { cwd: repository, encoding: 'utf8' }).split('\0')
  for (const file of files.filter((name) => name !== '' && existsSync(join(repository, name)))) {
    mkdirSync(dirname(join(to, file)), { recursive: true })
    cpSync(join(repository, file), join(to, file))
  }
  // Hard links: npm finds the packages of the lockfile installed, and writes none of them.
  execFileSync('cp', ['-al', join(repository, 'node_modules'), join(to, 'node_modules')])
}

function answerInstall(project: TempProject, script: string): string {
  const install = /^npm install knex-rev .*$/m
  if (!install.test(script)) return script
  const modules = join(project.path, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  for (const name of ['knex', 'better-sqlite3', 'pg', 'mysql2']) {
    symlinkSync(join(repository, 'node_modules', name), join(modules, name))
  }
  symlinkSync(repository, join(modules, 'knex-rev'))
  for (const name of ['rev', 'knex-rev']) symlinkSync('../knex-rev/bin/rev.js', join(modules, '.bin', name))
  return script.replace(install, '')
}

/** `command  # exits with N` is an example of a command that says no. */
function expectExits(script: string): string {
  return script.replaceAll(/^(.*\S)\s+# exits with (\d+)$/gm, 'code=0; $1 || code=$?; test "$code" -eq $2')
}

/** The database that a document calls `shop`. */
const nameShop = (text: string, shop: TestDatabase): string =>
  text.replaceAll('postgres://postgres@127.0.0.1/shop', shop.url()).replaceAll(/\bshop\b/g, shop.name)

function environmentOf(project: TempProject, { address, url }: TestDatabase): Record<string, string> {
  const { host = '', port = 0, socket, user = '', password = '' } = address ?? {}
  return {
    PGHOST: socket ?? host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    POSTGRES_URL: url(),
    npm_config_cache: join(project.path, '.npm-cache'),
    npm_config_offline: 'true',
  }
}

const documents = (shop: TestDatabase): void => {
  it('has examples', () => {
    expect(blocks.filter((block) => block.action === 'run').length).toBeGreaterThan(5)
  })

  let said = ''
  for (const block of blocks) {
    if (block.action === 'elsewhere') continue
    const verb = { file: 'gives a file', run: 'runs', said: 'shows what is said' }[block.action]
    it(`${verb} in line ${block.line}: ${block.text.split('\n')[0]}`, async () => {
      const project = sandboxOf(block.sandbox)
      const text = nameShop(block.text, shop)
      if (block.action === 'said') {
        for (const line of text.trim().split('\n')) expect(said).toContain(line)
        return
      }
      if (block.action === 'file') {
        mkdirSync(dirname(join(project.path, block.path)), { recursive: true })
        writeFileSync(join(project.path, block.path), text)
        return
      }

      const script = expectExits(answerInstall(project, text))
      const env = environmentOf(project, shop)
      const result = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: project.path, env })

      expect(result, result.stderr).toMatchObject({ code: 0 })
      said = result.stdout + result.stderr
    })
  }
}

describeEachDialect('the README', documents, { only: ['postgresql'] })

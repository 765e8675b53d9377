// Runs the end-to-end and package tests on the other Node lines that rev supports. The npm package `node` brings each of
// them into a cache folder that outlives the checkout. The tests run in a copy of the working tree whose node_modules are
// hard links, with the better-sqlite3 that fits these lines; nothing is changed here.
//
//   npm run test:nodes                       both lines
//   npm run test:nodes -- 24                 one line
//   npm run test:nodes -- --results FOLDER   Vitest's JSON reports go there
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const VERSIONS = { 22: '22.23.3', 24: '24.21.0' }
// Not the one of package.json: 12 ends the process on Node 24.19 and later, 13 does so on Node 20. It is never compiled.
const SQLITE = '13.2.0'
const PROJECTS = ['e2e', 'package']

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cache = process.env.REV_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'knex-rev')
const { values, positionals } = parseArgs({ options: { results: { type: 'string' } }, allowPositionals: true })

/** The environment in which `node` is this version; it is fetched once. */
function environmentOf(version) {
  const folder = join(cache, `node-${version}`)
  const bin = join(folder, 'node_modules', 'node', 'bin')
  if (!existsSync(join(bin, 'node'))) {
    console.log(`installing Node ${version} into ${folder}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    npm(['install', '--save-exact', `node@${version}`], folder, process.env)
  }
  return { ...process.env, PATH: bin + delimiter + process.env.PATH }
}

const npm = (args, cwd, env) =>
  execFileSync('npm', [...args, '--no-fund', '--no-audit'], { cwd, env, stdio: 'inherit' })

/** The working tree as git sees it, with dist as it is; a repository again, because some tests ask git what it holds. */
function copyTree(to) {
  execFileSync('git', ['init', '--quiet', to])
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of listed.toString().split('\0').filter(Boolean)) {
    if (!existsSync(join(root, file))) continue
    cpSync(join(root, file), join(to, file), { preserveTimestamps: true })
  }
  cpSync(join(root, 'dist'), join(to, 'dist'), { recursive: true, preserveTimestamps: true })
}

/** A copy of a folder in which the files are hard links, or real copies where the file system has no links. */
function linkTree(from, to, skipped) {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    const source = join(from, name)
    const target = join(to, name)
    if (skipped.includes(source)) continue
    const kind = lstatSync(source)
    if (kind.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else if (kind.isDirectory()) linkTree(source, target, skipped)
    else {
      try {
        linkSync(source, target)
      } catch {
        copyFileSync(source, target)
      }
    }
  }
}

/** Gives Vitest's exit status. */
function testOn(major, version) {
  const env = environmentOf(version)
  const tree = mkdtempSync(join(tmpdir(), `rev-node-${major}-`))
  try {
    copyTree(tree)
    const modules = join(root, 'node_modules')
    // What npm writes in place must not be a link.
    const own = ['.cache', '.package-lock.json', 'better-sqlite3'].map((name) => join(modules, name))
    linkTree(modules, join(tree, 'node_modules'), own)
    npm(['install', '--save-dev', '--save-exact', '--ignore-scripts', `better-sqlite3@${SQLITE}`], tree, env)

    console.log(`\nNode ${execFileSync('node', ['--version'], { env }).toString().trim()}`)
    const report = values.results ? [join(resolve(values.results), `node-${major}.json`)] : []
    const reporters = report.flatMap((file) => ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`])
    const projects = PROJECTS.flatMap((project) => ['--project', project])
    const vitest = [join('node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', join('test', 'vitest.config.ts')]
    const { status } = spawnSync('node', [...vitest, ...projects, ...reporters], { cwd: tree, env, stdio: 'inherit' })
    return status ?? 1
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

const chosen = positionals.length > 0 ? positionals : Object.keys(VERSIONS)
for (const major of chosen) {
  const version = VERSIONS[major]
  if (!version) throw new Error(`there is no Node ${major} here; choose from ${Object.keys(VERSIONS).join(', ')}`)
  if (testOn(major, version) !== 0) process.exitCode = 1
}

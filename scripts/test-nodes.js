// Runs the end-to-end and package tests on the other Node lines that rev supports. The npm package `node` brings each of
// them, and better-sqlite3 is installed once for each, into a cache folder that outlives the checkout; the tests run in a
// copy of the working tree whose node_modules are hard links, so that nothing here is touched.
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
  readFileSync,
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
const PROJECTS = ['e2e', 'package']

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cache = process.env.REV_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'knex-rev')
const { values, positionals } = parseArgs({ options: { results: { type: 'string' } }, allowPositionals: true })

/** A folder with one Node and the better-sqlite3 that fits it; made once, reused for ever. */
function installNode(version) {
  const sqlite = JSON.parse(readFileSync(join(root, 'node_modules/better-sqlite3/package.json'), 'utf8')).version
  const folder = join(cache, `node-${version}-better-sqlite3-${sqlite}`)
  const nodePackage = join(folder, 'node', 'node_modules', 'node')
  const bin = join(nodePackage, 'bin')
  const environment = { ...process.env, PATH: bin + delimiter + process.env.PATH }
  const built = join(folder, 'sqlite', 'node_modules', 'better-sqlite3', 'build')
  const done = join(folder, 'installed')
  if (existsSync(done)) return { bin, built, environment }

  console.log(`installing Node ${version} and better-sqlite3 ${sqlite} into ${folder}`)
  rmSync(folder, { recursive: true, force: true })
  install(join(folder, 'node'), `node@${version}`, process.env)
  // Without a prebuilt binary it is compiled, and the headers have to be those of this Node.
  const headers = join(nodePackage, 'node_modules', `node-${process.platform}-${process.arch}`)
  install(join(folder, 'sqlite'), `better-sqlite3@${sqlite}`, { ...environment, npm_config_nodedir: headers })
  writeFileSync(done, '')
  return { bin, built, environment }
}

/** Installs one package into a folder of its own: another install there would take out what its scripts brought. */
function install(folder, spec, env) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  execFileSync('npm', ['install', '--no-fund', '--no-audit', '--save-exact', spec], {
    cwd: folder,
    env,
    stdio: 'inherit',
  })
}

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
  const node = installNode(version)
  const tree = mkdtempSync(join(tmpdir(), `rev-node-${major}-`))
  try {
    copyTree(tree)
    const modules = join(root, 'node_modules')
    const binary = join(modules, 'better-sqlite3', 'build')
    linkTree(modules, join(tree, 'node_modules'), [join(modules, '.cache'), binary])
    cpSync(node.built, join(tree, 'node_modules', 'better-sqlite3', 'build'), { recursive: true })

    console.log(`\nNode ${execFileSync(join(node.bin, 'node'), ['--version']).toString().trim()}`)
    const report = values.results ? [join(resolve(values.results), `node-${major}.json`)] : []
    const reporters = report.flatMap((file) => ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`])
    const projects = PROJECTS.flatMap((project) => ['--project', project])
    const vitest = [join('node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', join('test', 'vitest.config.ts')]
    const { status } = spawnSync(join(node.bin, 'node'), [...vitest, ...projects, ...reporters], {
      cwd: tree,
      env: node.environment,
      stdio: 'inherit',
    })
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

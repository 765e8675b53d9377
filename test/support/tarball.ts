import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { plainEnvironment, repository } from './run-cli.ts'

/** The package as `npm pack` makes it. */
export interface Tarball {
  /** Absolute path of the .tgz. */
  readonly file: string
  /** Paths inside the package. */
  readonly entries: readonly string[]
  /** Bytes. */
  readonly size: number
  readonly unpackedSize: number
  remove(): void
}

interface PackReport {
  readonly filename: string
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string }[]
}

/** Packs what is built. */
export function pack(): Tarball {
  const folder = mkdtempSync(join(tmpdir(), 'rev-pack-'))
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const output = execFileSync('npm', args, {
    cwd: repository,
    env: plainEnvironment({ npm_config_loglevel: 'error' }),
    encoding: 'utf8',
  })
  const parsed: PackReport[] | Record<string, PackReport> = JSON.parse(output)
  const [report] = Array.isArray(parsed) ? parsed : Object.values(parsed)
  if (!report) throw new Error(`npm pack reported nothing: ${output}`)
  return {
    file: join(folder, report.filename),
    entries: report.files.map((file) => file.path).sort(),
    size: report.size,
    unpackedSize: report.unpackedSize,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

// What npm would install beside the package: its dependencies, and the peers that a project brings.
const PACKAGES = [
  ...['cac', 'empathic', 'fastest-levenshtein', 'handlebars', 'jiti'],
  ...['better-sqlite3', 'mysql2', 'pg', '@types/node', 'undici-types'],
]

/**
 * Installs the tarball into a project that has no packages yet. The others are links to the repository's own, so that
 * nothing is fetched or compiled. `knex` names which of the installed versions of Knex the project has.
 */
export function installTarball(tarball: Tarball, project: string, knex: 'knex' | 'knex-oldest' = 'knex'): void {
  const target = join(project, 'node_modules', 'knex-rev')
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', tarball.file, '-C', target, '--strip-components=1'])
  const links = [...PACKAGES.map((name) => [name, name] as const), ['knex', knex] as const]
  for (const [name, installed] of links) {
    const link = join(project, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(join(repository, 'node_modules', installed)), link, 'dir')
  }
}

// Builds the package. The code of src/ becomes some files for its layers and one for each command, because to find and read
// a file costs more than to run what is in it. All of it is CommonJS in dist/cjs/, for `import`, `require`, Jest and the
// command line alike, so that there is one RevError in a process; the nested package.json is what tells Node, and
// TypeScript, so. dist/index.js has the same names for `import`. What rev depends on stays packages. The declarations come
// from tsc, file by file, once for each kind of module; of them only those stay that the public ones lead to.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')
const cjs = join(dist, 'cjs')
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

// Whoever loads one file of a layer soon needs the others; what is not named here, and what is imported lazily, stays by
// itself. In order: a module that an earlier layer needs is in that one.
const LAYERS = [
  ['errors', /src\/(?:errors\/|events\.ts|script\/(?:package-version|reason)\.ts)/],
  ['revisions', /src\/(?:graph|script)\//],
  // What revisions are run with and scripts are recorded with, and what both say to the database in the same words.
  [
    'handle',
    /src\/(?:sql\/|database\/(?:(?:handle|limits)\/|lock\/(?:advisory|get-lock|lock-holder|statement-words)\.ts|sqlite\/(?:dependents|foreign-keys|table-rebuild)\.ts|(?:.+-ddl|column-types|dialect|dialect-of-client|driver-check|interruption|known-errors|load-knex|own-schema|pin|pinned-connection|preflight|session-settings|tables)\.ts))/,
  ],
  ['database', /src\/(?:sql|database)\/(?!life\/)/],
  ['offline', /src\/offline\/(?!shadow\/|dialects\/.+\/)/],
  ['seed', /src\/seed\//],
  // What every command line needs, and some commands again.
  ['terminal', /src\/cli\/(?:explain|given|printable|shield|style)\.ts/],
]

rmSync(dist, { recursive: true, force: true })
const files = await bundle(
  {
    input: { index: 'src/index.ts', cli: 'src/cli/main.ts' },
    plugins: [
      {
        name: 'platform-apart',
        resolveId: (id) => (id.endsWith('/platform.cts') ? { id: './platform.cjs', external: true } : undefined),
      },
    ],
  },
  {
    codeSplitting: { groups: LAYERS.map(([name, test], index) => ({ name, test, priority: LAYERS.length - index })) },
    // Jest has no `import()`.
    dynamicImportInCjs: false,
  },
)
// The one file whose `import()` has to stay: it loads the project's own files.
await bundle({ input: 'src/platform.cts' }, { entryFileNames: 'platform.cjs' })
writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n')
const { exports } = files.find(({ fileName }) => fileName === 'index.js')
writeFileSync(join(dist, 'index.js'), `export { ${exports.join(', ')} } from './cjs/index.js'\n`)

for (const [folder, project] of [
  [dist, 'tsconfig.json'],
  [cjs, 'tsconfig.cjs.json'],
]) {
  execFileSync(process.execPath, [tsc, '-p', join(root, project), '--emitDeclarationOnly'], { stdio: 'inherit' })
  keepPublicDeclarations(folder)
}

/**
 * Writes files into dist/cjs/, and gives what they are. Of the comments only the name of each file of
 * src/ stays, before its code: the others are for readers of the declarations, which editors show, and of the repository.
 */
async function bundle(input, output) {
  const made = await rolldown({
    ...input,
    cwd: root,
    platform: 'node',
    external: /^[^./]/,
    // An `import()` that is lazy no more, parts that need each other: nothing that may pass.
    onwarn(warning) {
      throw new Error(warning.message)
    },
  })
  const written = await made.write({
    dir: cjs,
    format: 'cjs',
    chunkFileNames: '[name].js',
    esModule: true,
    strict: true,
    generatedCode: { symbols: false },
    comments: false,
    ...output,
  })
  await made.close()
  return written.output
}

/** Removes every declaration below `folder` that its index.d.ts does not lead to. */
function keepPublicDeclarations(folder) {
  const kept = new Set()
  const follow = (file) => {
    if (kept.has(file) || !existsSync(file)) return
    kept.add(file)
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)) {
      follow(
        join(dirname(file), specifier).replace(/\.(?:js|ts|cts|cjs)$/, (end) => (/c/.test(end) ? '.d.cts' : '.d.ts')),
      )
    }
  }
  follow(join(folder, 'index.d.ts'))
  for (const file of declarationsIn(folder)) if (!kept.has(file)) rmSync(file)
}

/** The declarations of one build: the other one lies in a folder of the first. */
function declarationsIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return path === cjs ? [] : declarationsIn(path)
    return /\.d\.c?ts$/.test(entry.name) ? [path] : []
  })
}

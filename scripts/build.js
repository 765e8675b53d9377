// Builds the package with plain tsc, twice: ES modules into dist/, and the library once more as CommonJS into
// dist/cjs/ for `require`, TypeScript's node16 mode and Jest. The nested package.json is what tells Node, and
// TypeScript, that everything below it is CommonJS. Of the declarations only those stay that the public ones lead to.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
const run = (...args) => execFileSync(process.execPath, [tsc, ...args], { stdio: 'inherit' })

/** Comments are for readers: they stay in the declarations, which editors show, and in the repository. */
function compile(project) {
  run('-p', join(root, project), '--removeComments', '--declaration', 'false')
  run('-p', join(root, project), '--emitDeclarationOnly')
}

rmSync(join(root, 'dist'), { recursive: true, force: true })
compile('tsconfig.json')
compile('tsconfig.cjs.json')
mkdirSync(join(root, 'dist', 'cjs'), { recursive: true })
writeFileSync(join(root, 'dist', 'cjs', 'package.json'), '{ "type": "commonjs" }\n')
// tsc turns `import()` into `require()` in the CommonJS build; this one file must keep the real one.
copyFileSync(join(root, 'dist', 'platform.cjs'), join(root, 'dist', 'cjs', 'platform.cjs'))

for (const folder of ['dist', 'dist/cjs']) keepPublicDeclarations(join(root, folder))

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
    if (entry.isDirectory()) return path === join(root, 'dist', 'cjs') ? [] : declarationsIn(path)
    return /\.d\.c?ts$/.test(entry.name) ? [path] : []
  })
}

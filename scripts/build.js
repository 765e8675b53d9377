// Builds the package with plain tsc, twice: ES modules into dist/, and the library once more as CommonJS into
// dist/cjs/ for `require`, TypeScript's node16 mode and Jest. The nested package.json is what tells Node, and
// TypeScript, that everything below it is CommonJS.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
const compile = (project) => execFileSync(process.execPath, [tsc, '-p', join(root, project)], { stdio: 'inherit' })

rmSync(join(root, 'dist'), { recursive: true, force: true })
compile('tsconfig.json')
compile('tsconfig.cjs.json')
mkdirSync(join(root, 'dist', 'cjs'), { recursive: true })
writeFileSync(join(root, 'dist', 'cjs', 'package.json'), '{ "type": "commonjs" }\n')
// tsc turns `import()` into `require()` in the CommonJS build; this one file must keep the real one.
copyFileSync(join(root, 'dist', 'platform.cjs'), join(root, 'dist', 'cjs', 'platform.cjs'))

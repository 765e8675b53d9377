export interface CorpusEntry {
  readonly name: string
  readonly extension: 'ts' | 'mts' | 'cts' | 'js' | 'mjs' | 'cjs'
  /** `type` of the package. Default: none. */
  readonly type?: 'module' | 'commonjs'
  readonly text: string
  /** Whether the text alone tells the header. */
  readonly expected: 'read' | 'imported'
  readonly beside?: Readonly<Record<string, string>>
  /** False for a file that nobody can load. */
  readonly loads?: false
}

type Kind = CorpusEntry['extension']
type More = Partial<Pick<CorpusEntry, 'type' | 'beside' | 'loads'>>

const read = (name: string, extension: Kind, text: string, more: More = {}): CorpusEntry => ({
  name,
  extension,
  text,
  expected: 'read',
  ...more,
})
const imported = (name: string, extension: Kind, text: string, more: More = {}): CorpusEntry => ({
  ...read(name, extension, text, more),
  expected: 'imported',
})

const upgrade = 'export async function upgrade(knex) {}\nexport async function downgrade(knex) {}\n'
const base = `export const revision = 'a'\nexport const down_revision = null\n`
const commonJs = `exports.revision = 'a'\nexports.down_revision = null\n`

const typical = `/**
 * Add the accounts table
 *
 * Revision ID: a1b2c3
 */
import type { Knex } from 'knex'

export const revision: string = 'a1b2c3'
export const down_revision: string | readonly string[] | null = ['000000', "111111"]
export const branch_labels = null
export const depends_on: string[] = []
export const message = \`Add the
accounts table\`

export async function upgrade(knex: Knex): Promise<void> {
  await knex.schema.createTable('accounts', (table) => {
    table.increments('id')
    table.string('email', 255).notNullable().unique().comment('not "a" { brace \\' \\\` nor // a comment')
  })
  const pattern = /^[/"'\`{]+$/g
  await knex('accounts').insert({ email: \`\${'x'.replace(pattern, \`\${1 + 1}}\`)}@example.org\` })
  if (1 / 2 > (3 + 4) / 5) throw new Error(String(pattern))
}

export async function downgrade(knex: Knex): Promise<void> {
  await knex.schema.dropTable('accounts')
}
`

/** Files in every style that people and compilers write, and what makes each of them hard to read without running it. */
export const corpus: readonly CorpusEntry[] = [
  read('a typical file', 'ts', typical),
  read('a typical file, CRLF', 'ts', typical.replaceAll('\n', '\r\n')),
  read('a typical file with a byte order mark', 'ts', `\uFEFF${typical}`),
  read('an ES module in a package of modules', 'js', base + upgrade, { type: 'module' }),
  read('an ES module in a package without a type', 'js', base + upgrade),
  read('an ES module in a package of CommonJS', 'mjs', base + upgrade, { type: 'commonjs' }),
  read('ES module syntax in a CommonJS package', 'js', base + upgrade, { type: 'commonjs' }),
  read('semicolons', 'mjs', `export const revision = "a";\nexport const down_revision = null;\n${upgrade}`),
  read('everything on one line', 'mjs', `export const revision='a';export const down_revision=['b','c',];${upgrade}`),
  read('as const', 'ts', `export const revision = 'a' as const\nexport const down_revision = ['b'] as const\n`),
  read(
    'asserted types',
    'ts',
    `export const revision = 'a' as string\nexport const down_revision = null as string | null\n`,
  ),
  read(
    'satisfies',
    'ts',
    `export const revision = 'a' satisfies string\nexport const down_revision = ['b'] as const satisfies readonly string[];\n`,
  ),
  read(
    'an object type as annotation',
    'ts',
    `export const revision: { a: 'b' }['a'] | 'a' = 'a'\nexport const down_revision: (() => void) | null = null\n`,
  ),
  read(
    'parentheses',
    'ts',
    `export const revision = ('a')\nexport const down_revision = (['b'])\nexport const depends_on = ((null))\n`,
  ),
  read(
    'undefined and void',
    'mjs',
    `${base}export const branch_labels = undefined\nexport const depends_on = void 0\n`,
  ),
  read(
    'escapes in strings',
    'mjs',
    `${base}export const message = 'it\\'s \\u00e9 \\x41 \\u{1F600} \\\\ \\n \\0 \\q line\\\nend'\n`,
  ),
  read('a template with line ends', 'mjs', `${base}export const message = \`one\r\ntwo \\\` three $ { four\`\n`),
  read(
    'an irreversible revision',
    'ts',
    `${base}export const irreversible = 'drops data'\nexport const upgrade = async () => {}\nexport const downgrade = false\n`,
  ),
  read(
    'commented-out headers',
    'mjs',
    `// export const revision = 'x'\n/* export const revision = 'y' */\n${base}/** export const revision = 'z' */\n`,
  ),
  read(
    'headers in strings',
    'mjs',
    `const text = "export const revision = 'x'"\nconst other = \`\nexport const revision = 'y'\n\`\n${base}`,
  ),
  read('a string that looks like a comment', 'mjs', `const a = '/*'\n${base}const b = '*/ // '\n`),
  read(
    'names in nested scopes',
    'ts',
    `${base}export function upgrade(revision: string, message = 'x') { const down_revision = revision; return { message, down_revision } }\n`,
  ),
  read(
    'a nested namespace',
    'ts',
    `namespace inner { export const revision = 'x'; export const z = 1 }\n${base}export const y = inner.z\n`,
  ),
  read('members of the same name', 'mjs', `const error = { message: 'x' }\nerror.message = 'y'\n${base}`),
  read(
    'an enum and a class',
    'ts',
    `export enum Role { Admin = 'admin' }\nexport class Box { message = 1; static { this.x = 2 } static x = 1 }\n${base}`,
  ),
  read(
    'types and interfaces',
    'ts',
    `export type Id = string\nexport interface Row { revision: string; message: string }\nimport type { Knex } from 'knex'\n${base}export { type Knex }\n`,
  ),
  read(
    'other exports and a list of them',
    'mjs',
    `const helper = 1\nfunction other() {}\n${base}export { helper, other as another }\n`,
  ),
  read(
    'imports of all sorts',
    'mjs',
    `import fs, { readFileSync } from 'node:fs'\nimport * as path from 'node:path'\nimport 'node:os'\n${base}export const x = [fs, readFileSync, path, import.meta.url].length\n`,
  ),
  read('a dynamic import', 'mjs', `const os = await import('node:os')\n${base}export const x = typeof os\n`),
  read(
    'regular expressions that look like code',
    'mjs',
    `const a = /'/, b = /[/]"/, c = !/\`/.test(''), d = [/\\//].map((x) => /{/)\n${base}if (a) /}/.test('')\nexport const x = typeof /"/\n`,
  ),
  read(
    'division that looks like a regular expression',
    'mjs',
    `const a = 4, b = 2, g = 1\n${base}export const x = a / b / g, y = (a) / b, z = [a][0] / g\n`,
  ),
  read('nested templates', 'mjs', `const a = \`\${\`\${{ b: '}' }.b}\`}\`\n${base}`),
  read('a default export that is a function', 'mjs', `${base}export default async function () {}\n`),
  read(
    'a default export that is an object of other things',
    'mjs',
    `${base}export default { config: { transaction: false }, helper() { return 1 } }\n`,
  ),
  read(
    'a default export that is the whole revision',
    'ts',
    `export default { revision: 'a', down_revision: ['b'] as const, async upgrade() {}, downgrade: () => {}, 'message': "m" }\n`,
  ),
  read(
    'a default export that satisfies a type',
    'ts',
    `interface R { revision: string }\nexport default { revision: 'a' } satisfies R\n`,
  ),
  read(
    'CommonJS',
    'cjs',
    `${commonJs}exports.upgrade = async function (knex) { return 1 }\nexports.downgrade = async (knex) => {}\n`,
  ),
  read('CommonJS in a package without a type', 'js', `'use strict'\n\n${commonJs}exports.upgrade = async () => {}\n`),
  read(
    'CommonJS with module.exports',
    'cjs',
    `const fs = require('node:fs')\nmodule.exports.revision = 'a';\nmodule.exports.down_revision = ['b'];\nmodule.exports.x = fs.constants\n`,
  ),
  read(
    'one object as module.exports',
    'cjs',
    `module.exports = {\n  revision: 'a',\n  'down_revision': null,\n  "depends_on": ['x'],\n  config: { transaction: false, revision: 'inner' },\n  async upgrade(knex) { if (knex) { return } },\n  downgrade: async (knex) => { return knex },\n}\n`,
  ),
  read(
    'one object, then more',
    'cjs',
    `module.exports = { revision: 'a', upgrade, }\nmodule.exports.down_revision = null\nfunction upgrade() { return 1 }\n`,
  ),
  read('CommonJS in TypeScript', 'cts', `exports.revision = 'a'\nexports.down_revision = null\n`),
  read('ES module syntax in .cts', 'cts', base + upgrade),
  read('ES module syntax in .mts', 'mts', base + upgrade, { type: 'commonjs' }),
  read(
    'what TypeScript compiles to',
    'js',
    `"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.down_revision = exports.revision = void 0;\nexports.upgrade = upgrade;\nexports.revision = 'a';\nexports.down_revision = ['b'];\nasync function upgrade(knex) { }\n`,
  ),
  read('a #! line', 'mjs', `#!/usr/bin/env node '\n${base}`),
  read('a knex file', 'mjs', `export async function up(knex) {}\nexport async function down(knex) {}\n`),
  read('an empty file', 'mjs', ''),
  read('only a comment', 'ts', '/** nothing here */\n'),
  read(
    'names with letters of other scripts',
    'mjs',
    `const größe = 1, 名前 = 2\n${base}export const x = größe + 名前\n`,
  ),
  read('wide spaces', 'mjs', `export\u00A0const\u2003revision\u3000=\uFEFF'a'\nexport const down_revision = null\n`),
  read(
    'line separators',
    'mjs',
    `// comment\u2028export const revision = 'a'\u2029export const down_revision = null\n`,
  ),
  read(
    'control flow around nothing',
    'cjs',
    `if (process.pid < 0) { throw new Error('x') } else { }\nfor (const x of []) { }\n${commonJs}`,
  ),
  read(
    'what it requires of other databases',
    'ts',
    `${base}export const requires: { database: string; revision: string }[] = [\n  { database: 'b', revision: "c" },\n  { 'revision': \`d\`, database: 'e', },\n] as const\n${upgrade}`,
  ),
  read('one thing that it requires', 'mjs', `${base}export const requires = { database: 'b', revision: 'c' }\n`),
  read('requirements in CommonJS', 'cjs', `${commonJs}exports.requires = [{ database: 'b', revision: 'c' }]\n`),
  imported(
    'a requirement that is worked out',
    'mjs',
    `const database = 'b'\n${base}export const requires = [{ database, revision: 'c' }]\n`,
  ),
  imported(
    'a requirement with a spread',
    'mjs',
    `const more = {}\n${base}export const requires = [{ ...more, database: 'b', revision: 'c' }]\n`,
  ),
  imported(
    'a requirement that is changed',
    'mjs',
    `${base}export const requires = { database: 'b', revision: 'c' }\nfunction f() { requires.revision = 'd' }\nf()\n`,
  ),
  imported(
    'a requirement with a key twice',
    'cjs',
    `${commonJs}exports.requires = { database: 'b', revision: 'c', revision: 'd' }\n`,
  ),
  read('a bare block in a module', 'mjs', `{ const revision = 'x' }\n${base}`),

  imported('a number', 'mjs', `export const revision = 1\n`),
  imported('a call', 'mjs', `export const revision = ['a'].join('')\nexport const down_revision = null\n`),
  imported('a sum', 'mjs', `export const revision = 'a' + 'b'\n`),
  imported('a sum on the next line', 'mjs', `export const revision = 'a'\n  + 'b'\n`),
  imported('a member on the next line', 'mjs', `export const revision = 'a'\n  .toUpperCase()\n`),
  imported('a template on the next line', 'mjs', `const f = (x) => f\nexport const revision = null\n\`x\`\n`, {
    loads: false,
  }),
  imported('an index on the next line', 'mjs', `export const revision = 'abc'\n[1]\n`),
  imported('a condition', 'mjs', `export const revision = 'a' ? 'b' : 'c'\n`),
  imported('a comma', 'mjs', `export const revision = ('a', 'b')\n`),
  imported('in', 'mjs', `export const message = 'a'\nin { a: 1 }\n`),
  imported('an asserted type and then an operator', 'ts', `export const message = 'a' as any in { a: 1 }\n`),
  imported('a template with a substitution', 'mjs', `const x = 1\nexport const revision = \`a\${x}\`\n`),
  imported('a name', 'mjs', `const id = 'a'\nexport const revision = id\n`),
  imported('let', 'mjs', `export let revision = 'a'\nrevision = 'b'\n`),
  imported('var', 'mjs', `export var revision = 'a'\n`),
  imported(
    'an export list',
    'mjs',
    `const revision = 'a'\nconst down_revision = null\nexport { revision, down_revision }\n`,
  ),
  imported('an export list with new names', 'mjs', `const id = 'a'\nexport { id as revision }\n`),
  imported('an export list with text as names', 'mjs', `const id = 'a'\nexport { id as 'revision' }\n`),
  imported('a re-export', 'mjs', `export { revision } from './other.mjs'\n`, { beside: { 'other.mjs': base } }),
  imported('a re-export of everything', 'mjs', `export * from './other.mjs'\nexport const message = 'm'\n`, {
    beside: { 'other.mjs': base },
  }),
  imported('a default re-export', 'mjs', `${base}export { default } from './other.mjs'\n`, {
    beside: { 'other.mjs': `export default { depends_on: 'x' }` },
  }),
  imported('a default export by name', 'mjs', `${base}const more = { depends_on: 'x' }\nexport default more\n`),
  imported('named and default headers', 'mjs', `${base}export default { depends_on: 'x' }\n`),
  imported(
    'destructuring',
    'mjs',
    `export const { revision, down_revision } = { revision: 'a', down_revision: null }\n`,
  ),
  imported('destructuring after a comma', 'mjs', `export const x = 1, { revision } = { revision: 'a' }\n`),
  imported('a second declaration', 'mjs', `export const x = 1, revision = 'a'\n`),
  imported('several headers in one declaration', 'mjs', `export const revision = 'a', down_revision = null\n`),
  imported('an array that is changed', 'mjs', `${base.replace('null', `['b']`)}down_revision.push('c')\n`),
  imported(
    'an array that is changed through a member',
    'mjs',
    `import * as self from './revision.mjs'\nexport const revision = 'a'\nexport const down_revision = ['b']\nself.down_revision.push('c')\n`,
  ),
  imported(
    'an array that is changed by name',
    'mjs',
    `import * as self from './revision.mjs'\nexport const revision = 'a'\nexport const down_revision = ['b']\nself['down_revision'].push('c')\n`,
  ),
  imported('spread', 'mjs', `export const revision = 'a'\nexport const down_revision = [...['b']]\n`),
  imported('a hole', 'mjs', `export const revision = 'a'\nexport const down_revision = ['b',,]\n`),
  imported('a nested array', 'mjs', `export const revision = 'a'\nexport const down_revision = [['b']]\n`),
  imported('an escape in a name', 'mjs', `export const r\\u0065vision = 'a'\n`),
  imported('a function of the name', 'mjs', `export function message() {}\n${base}`),
  imported('a class of the name', 'mjs', `export class revision {}\n`),
  imported('eval', 'mjs', `${base}eval('1')\n`),
  imported('CommonJS, written again', 'cjs', `${commonJs}exports.revision = 'b'\n`),
  imported('CommonJS, under a condition', 'cjs', `${commonJs}if (true) exports.revision = 'b'\n`),
  imported(
    'CommonJS, under a condition on the line before',
    'cjs',
    `exports.down_revision = null\nif (true)\nexports.revision = 'b'\nelse\nexports.revision = 'c'\n`,
  ),
  imported('CommonJS, in a block', 'cjs', `${commonJs}{ exports.revision = 'b' }\n`),
  imported('CommonJS, in a function', 'cjs', `${commonJs};(function () { exports.revision = 'b' })()\n`),
  imported('CommonJS, by key', 'cjs', `${commonJs}exports['revision'] = 'b'\n`),
  imported('CommonJS, by another name', 'cjs', `${commonJs}const e = exports\ne.revision = 'b'\n`),
  imported('CommonJS, by this', 'cjs', `${commonJs}this.revision = 'b'\n`),
  imported('CommonJS, by this in an arrow function', 'cjs', `${commonJs};(() => { this.revision = 'b' })()\n`),
  imported('CommonJS, by arguments', 'cjs', `${commonJs}arguments[0].revision = 'b'\n`),
  imported('CommonJS, by the cache of require', 'cjs', `${commonJs}require.cache[__filename].exports.revision = 'b'\n`),
  imported('CommonJS, with a helper', 'cjs', `Object.assign(exports, { revision: 'a', down_revision: null })\n`),
  imported(
    'CommonJS, with a getter',
    'cjs',
    `Object.defineProperty(exports, 'revision', { get: () => 'a', enumerable: true })\n`,
  ),
  imported('CommonJS, deleted', 'cjs', `${commonJs}delete exports.revision\n`),
  imported('CommonJS, added to', 'cjs', `${commonJs}exports.revision += 'b'\n`),
  imported(
    'CommonJS, returned early',
    'cjs',
    `exports.revision = 'a'\nif (exports) { return }\nexports.down_revision = null\n`,
  ),
  imported('CommonJS, returned early without touching anything', 'cjs', `if (process.pid > 0) { return }\n${commonJs}`),
  imported('CommonJS, a block after a call', 'cjs', `process.uptime()\n{ return }\n${commonJs}`),
  imported('module.exports after exports', 'cjs', `exports.revision = 'a'\nmodule.exports = { down_revision: null }\n`),
  imported('exports after module.exports', 'cjs', `module.exports = { revision: 'a' }\nexports.down_revision = null\n`),
  imported('module.exports and exports in a chain', 'cjs', `exports = module.exports = { revision: 'a' }\n`),
  imported('module.exports that is a call', 'cjs', `module.exports = Object.freeze({ revision: 'a' })\n`),
  imported(
    'an object with a spread',
    'cjs',
    `const more = { revision: 'b' }\nmodule.exports = { revision: 'a', ...more }\n`,
  ),
  imported('an object with a computed key', 'cjs', `module.exports = { revision: 'a', ['revi' + 'sion']: 'b' }\n`),
  imported('an object with the same key twice', 'cjs', `module.exports = { revision: 'a', revision: 'b' }\n`),
  imported(
    'an object with shorthand',
    'cjs',
    `const revision = 'a'\nmodule.exports = { revision, down_revision: null }\n`,
  ),
  imported(
    'an object with a getter',
    'cjs',
    `module.exports = { get revision() { return 'a' }, down_revision: null }\n`,
  ),
  imported(
    'an object with a prototype',
    'cjs',
    `module.exports = { __proto__: { revision: 'a' }, down_revision: null }\n`,
  ),
  imported(
    'an object that is called upon',
    'cjs',
    `module.exports = { revision: 'a' }\n.constructor({ revision: 'b' })\n`,
  ),
  imported(
    'a compiled file with getters',
    'js',
    `var __defProp = Object.defineProperty;\nvar __export = (target, all) => { for (var name in all) __defProp(target, name, { get: all[name], enumerable: true }); };\nvar x = {};\n__export(x, { revision: () => revision });\nmodule.exports = x;\nconst revision = 'a';\n`,
  ),
  imported('a slash after a brace', 'mjs', `const g = 1, a = {}\n/1/g\n${base}`),
  imported('an old HTML comment', 'cjs', `<!-- exports.revision = 'x'\n${commonJs}`),
  imported('the end of an old HTML comment', 'cjs', `--> exports.revision = 'x'\n${commonJs}`),
  imported('an octal escape', 'cjs', `exports.revision = '\\101'\n`),
  imported('a text that does not end', 'ts', `export const revision = 'a\n`, { loads: false }),
  imported('a bracket that is not closed', 'ts', `${base}function x() {\n`, { loads: false }),
  imported('a declaration without a value', 'ts', `export const revision: string\nexport const other = 'a'\n`, {
    loads: false,
  }),
]

import { expect, it } from 'vitest'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

/** A project whose only revision does this at its top level, beside its exports. */
function project(extension: string, body: string): TempProject {
  const text = `export const revision = 'aaa'
export const down_revision = null
export function upgrade() {}
export function downgrade() {}
${body}
`
  return createTempProject({
    files: {
      'knexfile.json': JSON.stringify({ client: 'better-sqlite3', connection: { filename: './dev.sqlite3' } }),
      [`versions/aaa_a.${extension}`]: text,
    },
  })
}

it.each([
  ['mjs', 'throw null'],
  ['js', 'throw undefined'],
  ['mjs', "throw 'text'"],
  ['mjs', 'throw Symbol("x")'],
  ['mjs', 'if (true) {\n  throw `text`\n}'],
  ['mjs', 'const fail = () => { throw 1n }\nfail()'],
])('a revision (.%s) with %j at its top level fails with the words of rev, and no others', async (extension, body) => {
  const at = project(extension, body)
  const plain = await at.rev(['upgrade', 'head'])
  const logged = await at.rev(['upgrade', 'head', '--log-format', 'json'])

  expect(plain.code).toBe(1)
  expect(plain.stderr).toMatch(/^error REV_FILE_LOAD_FAILED: /)
  expect(plain.stderr).not.toContain('node:internal')
  const lines = logged.stderr.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).code)).toContain('REV_FILE_LOAD_FAILED')
})

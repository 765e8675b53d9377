import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RevisionScripts } from '../../../src/script/revision-script.ts'
import { readRevisionScripts } from '../../../src/script/script-directory.ts'
import { skipAloud } from '../../support/skip-aloud.ts'
import { createTempProject, revisionSource, type TempProject } from '../../support/temp-project.ts'

type Location = string | { path: string; label: string }

function readScripts(
  project: TempProject,
  locations: readonly Location[] = ['versions'],
  recursive = false,
): Promise<RevisionScripts> {
  const versionLocations = locations.map((location) =>
    typeof location === 'string'
      ? { path: join(project.path, location), label: undefined }
      : { path: join(project.path, location.path), label: location.label },
  )
  return readRevisionScripts({ versionLocations, recursiveVersionLocations: recursive }, { directory: project.path })
}

async function readProblems(...args: Parameters<typeof readScripts>) {
  const error = await readScripts(...args).then(
    () => undefined,
    (caught: unknown) => caught,
  )
  expect(error).toMatchObject({ code: 'REV_GRAPH_INVALID' })
  return (error as { details: { problems: { code: string; file?: string; message: string }[] } }).details.problems
}

// The file does not survive being run before its turn.
const loadsOnlyOnPurpose = `if (process.env.REV_TEST_MAY_LOAD === undefined) throw new Error('it ran')\n`

describe('reading version locations', () => {
  test('builds the graph from all kinds of files without running any', async () => {
    const project = createTempProject()
    const kinds = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']
    kinds.forEach((extension, index) => {
      const down = index === 0 ? 'null' : `'r${index - 1}'`
      const text =
        extension === 'cjs'
          ? `exports.revision = 'r${index}'\nexports.down_revision = ${down}\n`
          : `export const revision = 'r${index}'\nexport const down_revision = ${down}\n`
      project.write(`versions/r${index}_x.${extension}`, loadsOnlyOnPurpose + text)
    })

    const scripts = await readScripts(project)

    expect(scripts.graph.ids()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5'])
    expect(scripts.graph.heads()).toEqual(['r5'])
    expect(scripts.notices).toEqual([])
    expect(scripts.directories).toEqual([join(project.path, 'versions')])
  })

  test('ignores declarations, maps, hidden files, folders and other extensions', async () => {
    const project = createTempProject()
    const file = project.revision({ revision: 'a' })
    for (const name of ['a.d.ts', 'a.d.mts', 'a.d.cts', 'a.js.map', '.a.ts', 'README.md', 'a.sql', 'a.ts~', 'ts']) {
      project.write(`versions/${name}`, 'not a revision')
    }
    project.write('versions/folder.ts/b.ts', 'not a revision')
    project.write('versions/below/c.ts', 'not a revision')

    const scripts = await readScripts(project)

    expect(scripts.graph.ids()).toEqual(['a'])
    expect(scripts.get('a').file).toBe(file)
  })

  test('reads locations as configured, files by name, and sub-directories after their parents', async () => {
    const project = createTempProject()
    for (const file of [
      'two/b',
      'two/a',
      'one/z/a',
      'one/z',
      'one/y/x/a',
      'one/y/b',
      'one/node_modules/n',
      'one/.h/h',
    ]) {
      const id = file.replaceAll('/', '.')
      project.write(`${file}_.ts`, revisionSource({ revision: id }))
    }

    const scripts = await readScripts(project, ['two', 'one'], true)

    expect(scripts.graph.ids()).toEqual(['two.a', 'two.b', 'one.z', 'one.y.b', 'one.y.x.a', 'one.z.a'])
  })

  test('takes byte order marks, CRLF and hostile names as they come', async () => {
    const project = createTempProject()
    const text = revisionSource({ revision: 'a', message: 'Add it' })
    const file = project.write(`versions/a'b "c" #1%20?é.ts`, `\uFEFF${text.replaceAll('\n', '\r\n')}`)

    const script = (await readScripts(project)).get('a')

    expect(script).toMatchObject({ file, revision: { revision: 'a', message: 'Add it' } })
    expect((await script.load()).revision).toBe('a')
  })

  test('gives message and description of the leading comment', async () => {
    const project = createTempProject()
    const header = `export const revision = 'a'\nexport const down_revision = null\n`
    project.write('versions/a.ts', `/**\n * Add it\n *\n * Revision ID: a\n *\n * More.\n */\n${header}`)
    project.write('versions/b.ts', `// Not this\n${header.replace(/'a'/, "'b'")}export const message = 'But this'\n`)

    const scripts = await readScripts(project)

    expect(scripts.get('a')).toMatchObject({ revision: { message: 'Add it' }, description: 'More.' })
    expect(scripts.get('b')).toMatchObject({ revision: { message: 'But this' }, description: '' })
  })

  test('runs a file only when its header is not literal', async () => {
    const project = createTempProject()
    project.write(
      'versions/a.ts',
      `const id: string = ['a'].join()\nexport const revision = id\nexport const down_revision = null\n`,
    )

    expect((await readScripts(project)).graph.ids()).toEqual(['a'])
  })

  test('loads a module when it is asked for, once', async () => {
    const project = createTempProject()
    project.revision({ revision: 'a', upgrade: `return 'up'`, extra: 'export const transaction = false' })

    const script = (await readScripts(project)).get('a')
    const [first, second] = [script.load(), script.load()]

    expect(first).toBe(second)
    expect(await first).toMatchObject({ revision: 'a', transaction: false, irreversible: undefined })
  })

  test('has the same checksum for all line ends, and another for another text', async () => {
    const project = createTempProject()
    const file = project.revision({ revision: 'a' })
    const script = (await readScripts(project)).get('a')
    const text = readFileSync(file, 'utf8')

    const before = script.checksum()
    writeFileSync(file, `\uFEFF${text.replaceAll('\n', '\r\n')}`)
    const same = script.checksum()
    writeFileSync(file, `${text} `)

    expect(before).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(same).toBe(before)
    expect(script.checksum()).not.toBe(before)
  })

  test('knows no script of an unknown revision', async () => {
    const project = createTempProject()
    project.revision({ revision: 'a' })

    const scripts = await readScripts(project)

    expect(() => scripts.get('b')).toThrow(expect.objectContaining({ code: 'REV_GRAPH_UNKNOWN_REVISION' }))
  })
})

describe('links', () => {
  test('to files are followed, and a file is read once however it is reached', async () => {
    const project = createTempProject()
    project.write('elsewhere/a.ts', revisionSource({ revision: 'a' }))
    mkdirSync(join(project.path, 'versions'))
    symlinkSync(join(project.path, 'elsewhere/a.ts'), join(project.path, 'versions/a.ts'))
    symlinkSync(join(project.path, 'elsewhere/a.ts'), join(project.path, 'versions/b.ts'))

    expect((await readScripts(project, ['versions', 'elsewhere'])).graph.ids()).toEqual(['a'])
  })

  test('that lead in a circle end', async () => {
    const project = createTempProject()
    project.write('versions/below/a.ts', revisionSource({ revision: 'a' }))
    symlinkSync(join(project.path, 'versions'), join(project.path, 'versions/below/back'))
    symlinkSync('loop', join(project.path, 'versions/loop'))

    expect((await readScripts(project, ['versions'], true)).graph.ids()).toEqual(['a'])
  })

  test('that lead nowhere are reported', async () => {
    const project = createTempProject()
    mkdirSync(join(project.path, 'versions'))
    symlinkSync('missing.ts', join(project.path, 'versions/a.ts'))

    expect(await readProblems(project)).toMatchObject([
      { code: 'REV_FILE_UNREADABLE', file: join(project.path, 'versions/a.ts') },
    ])
  })

  test('to a location that is given twice change nothing', async () => {
    const project = createTempProject()
    project.revision({ revision: 'a' })
    symlinkSync('versions', join(project.path, 'again'))

    expect((await readScripts(project, ['versions', 'again', 'versions'])).graph.ids()).toEqual(['a'])
  })
})

describe('what cannot be used', () => {
  test('are locations that do not exist, all named', async () => {
    const project = createTempProject({ files: { 'file.txt': '' } })

    await expect(readScripts(project, ['one', 'file.txt'])).rejects.toMatchObject({
      code: 'REV_FILE_LOCATION_MISSING',
      details: { directories: [join(project.path, 'one'), join(project.path, 'file.txt')] },
    })
  })

  test('are files, reported all at once and before the faults of the graph', async () => {
    const project = createTempProject()
    const file = (name: string, text: string) => project.write(`versions/${name}`, text)
    file('a.ts', `export async function up() {}\nexport async function down() {}\n`)
    file('b.ts', `export const helper = 1\n`)
    file('c.ts', `export const revision = 'c'\nexport const depends_on = [1]\n`)
    file('d.ts', `export const = 1\n`)
    file('e.mjs', `throw new Error('no luck')\nexport const revision = x\n`)
    file('f.ts', revisionSource({ revision: 'f', down: 'missing' }))

    const problems = await readProblems(project)

    expect(problems.map(({ code, file: path }) => [code, path?.slice(project.path.length + 10)])).toEqual([
      ['REV_FILE_NOT_A_REVISION', 'a.ts'],
      ['REV_FILE_NOT_A_REVISION', 'b.ts'],
      ['REV_FILE_INVALID_EXPORTS', 'c.ts'],
      ['REV_FILE_LOAD_FAILED', 'd.ts'],
      ['REV_FILE_LOAD_FAILED', 'e.mjs'],
      ['REV_GRAPH_MISSING_DOWN_REVISION', 'f.ts'],
    ])
  })

  test('is nothing whose name only has a line end in it', async () => {
    const project = createTempProject()
    project.write('versions/a\nb.mjs', revisionSource({ revision: 'a', extension: 'mjs' }))

    expect((await readScripts(project)).graph.ids()).toEqual(['a'])
  })

  test.skipIf(process.platform === 'win32')('is a pipe or a device, which is not even opened', async () => {
    const project = createTempProject()
    project.revision({ revision: 'a' })
    execFileSync('mkfifo', [join(project.path, 'versions/pipe.ts')])
    symlinkSync('/dev/zero', join(project.path, 'versions/zero.ts'))

    expect(await readProblems(project)).toMatchObject([
      { code: 'REV_FILE_UNREADABLE', file: join(project.path, 'versions/pipe.ts') },
      { code: 'REV_FILE_UNREADABLE', file: join(project.path, 'versions/zero.ts') },
    ])
  })

  test('is told which name was meant by a misspelled one', async () => {
    const project = createTempProject()
    const functions = 'export async function upgrade() {}\nexport async function downgrade() {}\n'
    const file = (name: string, text: string) => project.write(`versions/${name}.mjs`, `${text}\n${functions}`)
    file('a', `export const revison = 'a'\nexport const down_revision = null`)
    file('b', `export const revision = 'b'\nexport const down_revison = null`)
    file('c', `export const revision = 'c'\nexport const downRevision = null`)
    file('d', `export const revision = 'd'\nexport const down_revision = null\nexport const depend_on = 'e'`)
    file('e', `export const revision = 'e'\nexport const down_revision = null\nexport const branch_lables = 'x'`)
    file('f', `export const revision = 'f'\nexport const down_revision = null\nexport const down = () => {}`)

    const problems = await readProblems(project)

    expect(problems.map(({ message }) => message.replaceAll(`${project.path}/versions/`, ''))).toEqual([
      expect.stringContaining('a.mjs'),
      expect.stringContaining('"down_revison" is not known here: it is called "down_revision"'),
      expect.stringContaining('"downRevision" is not known here: it is called "down_revision"'),
      expect.stringContaining('"depend_on" is not known here: it is called "depends_on"'),
      expect.stringContaining('"branch_lables" is not known here: it is called "branch_labels"'),
    ])
    expect(problems[0]).toMatchObject({ code: 'REV_FILE_NOT_A_REVISION', hint: expect.stringContaining('"revison"') })
  })

  test('is not also called missing where another revision comes after it', async () => {
    const project = createTempProject()
    project.write('versions/a1_broken.ts', `export const = 1\n`)
    project.revision({ revision: 'b', down: 'a1' })

    expect((await readProblems(project)).map(({ code }) => code)).toEqual(['REV_FILE_LOAD_FAILED'])
  })

  test('is a file that may not be read', async (context) => {
    if (process.getuid?.() === 0) skipAloud(context, 'root may read every file')
    const project = createTempProject()
    chmodSync(project.revision({ revision: 'a' }), 0)

    expect(await readProblems(project)).toMatchObject([{ code: 'REV_FILE_UNREADABLE' }])
  })

  test('is a module whose header is another one when it runs', async () => {
    const project = createTempProject()
    const file = project.revision({ revision: 'a', down: null })
    const scripts = await readScripts(project)

    project.revision({ revision: 'a', down: 'b' })

    await expect(scripts.get('a').load()).rejects.toMatchObject({
      code: 'REV_FILE_HEADER_DIFFERS',
      details: { file, revision: 'a', differences: [expect.stringContaining('down_revision')] },
    })
  })
})

describe('twins', () => {
  const text = (revision: string, more = '') =>
    `export const revision = '${revision}'\nexport const down_revision = null\n${more}`

  test('are told, and the source is used', async () => {
    const project = createTempProject()
    const source = project.write('versions/a_x.ts', text('a'))
    const compiled = project.write('versions/a_x.js', text('a'))

    const scripts = await readScripts(project)

    expect(scripts.get('a').file).toBe(source)
    expect(scripts.notices).toEqual([{ code: 'REV_NOTICE_TWIN', message: expect.stringContaining(compiled) }])
    expect(scripts.notices[0]?.message).toContain(source)
  })

  test('may lie in two locations', async () => {
    const project = createTempProject()
    project.write('dist/versions/a_x.js', text('a'))
    const source = project.write('versions/a_x.ts', text('a'))

    const scripts = await readScripts(project, ['dist/versions', 'versions'])

    expect(scripts.graph.ids()).toEqual(['a'])
    expect(scripts.get('a').file).toBe(source)
  })

  test('are told to differ when they do', async () => {
    const project = createTempProject()
    project.write('versions/a_x.ts', text('a'))
    project.write('versions/a_x.js', text('a').replace('null', `'z'`))

    expect((await readScripts(project)).notices[0]?.message).toContain('out of date: "down_revision"')
  })

  test('are never both run to learn their headers', async () => {
    const project = createTempProject()
    const unclear = `const id = 'a'\nexport const revision = id\nexport const down_revision = null\n`
    project.write('versions/a_x.ts', unclear)
    project.write('versions/a_x.js', `${loadsOnlyOnPurpose}${unclear}`)

    const scripts = await readScripts(project)

    expect(scripts.graph.ids()).toEqual(['a'])
    expect(scripts.notices).toHaveLength(1)
  })

  test('are not files of one name that are two revisions', async () => {
    const project = createTempProject()
    project.write('one/x.ts', text('a'))
    project.write('two/x.js', text('b'))

    const scripts = await readScripts(project, ['one', 'two'])

    expect(scripts.graph.ids()).toEqual(['a', 'b'])
    expect(scripts.notices).toEqual([])
  })

  test.each([
    ['two names', 'versions/a_x.ts', 'versions/a_y.ts'],
    ['two names and extensions', 'versions/a_x.ts', 'versions/a_y.js'],
    ['one name in two locations', 'versions/a_x.ts', 'more/a_x.ts'],
  ])('are not files of %s: that is a duplicate', async (_, one, two) => {
    const project = createTempProject({ files: { 'more/.keep': '' } })
    project.write(one, text('a'))
    project.write(two, text('a'))

    expect(await readProblems(project, ['versions', 'more'])).toMatchObject([{ code: 'REV_FILE_DUPLICATE_REVISION' }])
  })
})

describe('the label of a location', () => {
  test('belongs to its only base', async () => {
    const project = createTempProject()
    project.revision({ revision: 'main' })
    project.write('billing/b1.ts', revisionSource({ revision: 'b1', dependsOn: 'main' }))
    project.write('billing/b2.ts', revisionSource({ revision: 'b2', down: ['b1', 'main'] }))

    const { graph } = await readScripts(project, ['versions', { path: 'billing', label: 'billing' }])

    expect(graph.get('b1').branchLabels).toEqual(['billing'])
    expect(graph.resolve('billing@head')).toEqual(['b2'])
  })

  test('joins labels of the file, and is not doubled', async () => {
    const project = createTempProject()
    project.revision({ revision: 'a', labels: ['x', 'billing'] })

    const { graph } = await readScripts(project, [{ path: 'versions', label: 'billing' }])

    expect(graph.get('a').branchLabels).toEqual(['x', 'billing'])
  })

  test('belongs to where the line enters the directory when that has no base', async () => {
    const project = createTempProject()
    project.revision({ revision: 'main' })
    project.write('billing/b1.ts', revisionSource({ revision: 'b1', down: 'main' }))
    project.write('billing/b2.ts', revisionSource({ revision: 'b2', down: 'b1' }))

    const { graph } = await readScripts(project, ['versions', { path: 'billing', label: 'billing' }])

    expect(graph.get('b1').branchLabels).toEqual(['billing'])
  })

  test('is refused when there are several bases', async () => {
    const project = createTempProject()
    project.revision({ revision: 'a' })
    project.revision({ revision: 'b' })

    const problems = await readProblems(project, [{ path: 'versions', label: 'billing' }])

    expect(problems.map(({ code }) => code)).toEqual(['REV_FILE_LOCATION_LABEL'])
  })

  test('of a directory inside of another location goes to its own files', async () => {
    const project = createTempProject()
    project.revision({ revision: 'main' })
    project.write('versions/billing/b1.ts', revisionSource({ revision: 'b1' }))

    const { graph } = await readScripts(project, ['versions', { path: 'versions/billing', label: 'billing' }], true)

    expect(graph.get('b1').branchLabels).toEqual(['billing'])
    expect(graph.get('main').branchLabels).toEqual([])
  })

  test('waits in an empty directory', async () => {
    const project = createTempProject()
    mkdirSync(join(project.path, 'versions'))

    expect((await readScripts(project, [{ path: 'versions', label: 'billing' }])).graph.size).toBe(0)
  })
})

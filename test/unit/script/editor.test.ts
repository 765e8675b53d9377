import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findEditor, openEditor } from '../../../src/script/editor.ts'
import { failureOf, folderWith } from '../../support/folder-with.ts'

describe('the editor', () => {
  it('is EDITOR, else VISUAL, with its own arguments', () => {
    expect(findEditor({ EDITOR: 'code --wait', VISUAL: 'vi' })).toEqual(['code', '--wait'])
    expect(findEditor({ EDITOR: '', VISUAL: '"/a b/ed" -x' })).toEqual(['/a b/ed', '-x'])
    expect(findEditor({})).toBeUndefined()
  })

  it('gets the files as arguments and is waited for', async () => {
    const folder = folderWith({
      'editor.cjs': `require('node:fs').writeFileSync(process.argv[2], process.argv.slice(2).join('|'))`,
    })
    const [one, two] = [join(folder, 'a b.ts'), join(folder, '$(x).ts')] as const

    await openEditor([one, two], { environment: { EDITOR: `"${process.execPath}" editor.cjs` }, cwd: folder })

    expect(readFileSync(one, 'utf8')).toBe(`${one}|${two}`)
  })

  it('must be set', async () => {
    expect(await failureOf(() => openEditor(['x.ts'], { environment: {}, cwd: '.' }))).toMatchObject({
      code: 'REV_CONFIG_NO_EDITOR',
      exit: 2,
    })
  })

  it('that fails or is missing is named', async () => {
    const folder = folderWith({ 'fail.cjs': 'process.exit(3)' })
    const open = (EDITOR: string) => failureOf(() => openEditor(['x.ts'], { environment: { EDITOR }, cwd: folder }))

    expect(await open(`"${process.execPath}" fail.cjs`)).toMatchObject({
      code: 'REV_FILE_EDITOR_FAILED',
      details: { editor: process.execPath, reason: expect.stringContaining('3') },
    })
    expect(await open('no-such-editor-anywhere')).toMatchObject({
      code: 'REV_FILE_EDITOR_FAILED',
      details: { reason: expect.stringContaining('ENOENT') },
    })
  })
})

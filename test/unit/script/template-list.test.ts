import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listTemplates } from '../../../src/script/template-list.ts'
import { folderWith } from '../../support/folder-with.ts'

describe('the list of templates', () => {
  it('holds the built-in ones, each with a line that says what it is', () => {
    const templates = listTemplates({ templatesDirectory: undefined })

    expect(templates.map(({ name }) => name)).toEqual(['commonjs', 'data', 'fake', 'index', 'javascript', 'typescript'])
    for (const { description, builtIn } of templates) {
      expect(description).toMatch(/^[A-Z].*\.$/)
      expect(builtIn).toBe(true)
    }
    expect(templates.filter(({ parts }) => parts.includes('knexfile')).map(({ name }) => name)).toEqual([
      'commonjs',
      'javascript',
      'typescript',
    ])
  })

  it("begins with the project's own, which hide built-in ones of the same name, and passes over other folders", () => {
    const folder = folderWith({
      'own/revision.ts.hbs': '',
      'own/README.md': '# own\r\n\r\n  What it does.  \r\nMore.',
      'data/revision.ts.hbs': '',
      'emails/welcome.hbs': '',
      'file.hbs': '',
    })

    const templates = listTemplates({ templatesDirectory: folder })

    expect(templates.map(({ name }) => name)).toEqual([
      'data',
      'own',
      'commonjs',
      'fake',
      'index',
      'javascript',
      'typescript',
    ])
    expect(templates[0]).toMatchObject({ builtIn: false, description: '', directory: join(folder, 'data') })
    expect(templates[1]).toMatchObject({ description: 'What it does.', parts: ['revision'] })
  })
})

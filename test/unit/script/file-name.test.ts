import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FileNameParts, fileTemplateProblems, toFileName, toSlug } from '../../../src/script/file-name.ts'
import { failureOf } from '../../support/folder-with.ts'

const name = (parts: Partial<FileNameParts> = {}) =>
  toFileName({
    revision: '4f0c2a91d3be',
    message: 'add country table',
    fileTemplate: '%(rev)s_%(slug)s',
    truncateSlugLength: 40,
    timezone: 'UTC',
    now: new Date('2026-03-04T05:06:07Z'),
    extension: '.ts',
    ...parts,
  })

describe('the slug', () => {
  it('is the words of the message in lower case, without accents and without anything else', () => {
    expect(toSlug('Add "Country" table, été & co!', 40)).toBe('add_country_table_ete_co')
    expect(toSlug('../../etc/passwd', 40)).toBe('etc_passwd')
    expect(toSlug('日本 🎉', 40)).toBe('')
  })

  it('is cut at the end of a word, and inside of one that is too long by itself', () => {
    expect(toSlug('one two three', 7)).toBe('one_two')
    expect(toSlug('one two three', 8)).toBe('one_two')
    expect(toSlug('abcdefghij', 4)).toBe('abcd')
  })
})

describe('the file name', () => {
  it('fills the tokens as Alembic does', () => {
    const fileTemplate = '%(year)d-%(month).2d-%(day).2d_%(hour).2d%(minute).2d%(second).2d_%(epoch)s_%(rev)s_%(slug)s'

    expect(name({ fileTemplate })).toBe('2026-03-04_050607_1772600767_4f0c2a91d3be_add_country_table.ts')
    expect(name({ fileTemplate: '%(month)d_%(rev)s' })).toBe('3_4f0c2a91d3be.ts')
  })

  it('understands the doubled percent signs of alembic.ini', () => {
    expect(name({ fileTemplate: '%%(rev)s__%%(slug)s' })).toBe('4f0c2a91d3be__add_country_table.ts')
  })

  it('tells dates in the time zone', () => {
    const fileTemplate = '%(year)d%(month).2d%(day).2d%(hour).2d_%(rev)s'

    expect(name({ fileTemplate, timezone: 'Asia/Tokyo', now: new Date('2026-12-31T20:00:00Z') })).toMatch(
      /^2027010105_/,
    )
    expect(name({ fileTemplate, now: new Date('2026-12-31T00:00:00Z') })).toMatch(/^2026123100_/)
  })

  it('is the revision alone when the message has no words', () => {
    expect(name({ message: '' })).toBe('4f0c2a91d3be.ts')
    expect(name({ message: '', fileTemplate: '%(slug)s' })).toBe('4f0c2a91d3be.ts')
  })

  it('is refused when some system could not hold it or would hide it', async () => {
    const bad: Partial<FileNameParts>[] = [
      { revision: 'CON', message: '' },
      { revision: 'lpt1.x' },
      { revision: '.hidden' },
      { revision: 'x.d', message: '' },
      { revision: 'a'.repeat(255) },
      { revision: '../x' },
      { fileTemplate: 'a/%(rev)s' },
      { revision: 'a:b' },
    ]
    for (const parts of bad) expect(await failureOf(() => name(parts))).toMatchObject({ code: 'REV_FILE_ILLEGAL_NAME' })
  })

  it('is one plain segment for every message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 200 }), (message, truncateSlugLength) => {
        expect(name({ message, truncateSlugLength })).toMatch(/^4f0c2a91d3be(_[a-z0-9_]{1,200})?\.ts$/)
      }),
    )
  })
})

describe('the pattern of file names', () => {
  it('may hold only known tokens and characters of file names', () => {
    expect(fileTemplateProblems('%(rev)s_%(slug)s')).toEqual([])
    expect(fileTemplateProblems('%(revision)s')).toHaveLength(1)
    expect(fileTemplateProblems('%(year)d/%(rev)s')).toHaveLength(1)
    expect(fileTemplateProblems('100%')).toHaveLength(1)
    expect(fileTemplateProblems(' ')).toHaveLength(1)
  })
})

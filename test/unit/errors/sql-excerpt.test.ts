import { describe, expect, it } from 'vitest'
import { sqlExcerpt } from '../../../src/errors/sql-excerpt.ts'

describe('the excerpt of a statement', () => {
  it('is the statement, indented, when there is no position', () => {
    expect(sqlExcerpt('select 1')).toBe('    select 1')
  })

  it('has a caret under the position', () => {
    expect(sqlExcerpt('select * form item', 10)).toBe('    select * form item\n             ^')
    expect(sqlExcerpt('select *\nform item', 10)).toBe('    select *\n    form item\n    ^')
    expect(sqlExcerpt('select\t*\tform', 10)).toBe('    select * form\n             ^')
  })

  it('counts characters as a database does', () => {
    expect(sqlExcerpt("select '😀' form", 12)).toBe("    select '😀' form\n                ^")
  })

  it('leaves the caret out when the position is not in the statement', () => {
    expect(sqlExcerpt('select 1', 50)).toBe('    select 1')
    expect(sqlExcerpt('select 1', 0)).toBe('    select 1')
  })

  it('shows the lines around the position of a long statement', () => {
    const lines = Array.from({ length: 40 }, (_, row) => `line ${row}`)
    const text = sqlExcerpt(lines.join('\n'), lines.slice(0, 30).join('\n').length + 2)

    expect(text.split('\n')).toHaveLength(15)
    expect(text).toMatch(/^ {4}\.\.\.\n/)
    expect(text).toMatch(/\n {4}line 30\n {4}\^\n/)
    expect(text).toMatch(/\n {4}\.\.\.$/)
  })

  it('cuts a long line around the position', () => {
    const sql = `select ${'a, '.repeat(200)}oops from t`
    const [line = '', caret = ''] = sqlExcerpt(sql, sql.indexOf('oops') + 1).split('\n')

    expect(line.length).toBeLessThan(175)
    expect(line.indexOf('oops')).toBe(caret.indexOf('^'))
  })
})

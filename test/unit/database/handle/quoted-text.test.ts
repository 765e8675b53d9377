import { describe, expect, it } from 'vitest'
import {
  betweenMysqlCommentQuotes,
  betweenMysqlQuotes,
  betweenQuotes,
} from '../../../../src/database/handle/quoted-text.ts'

describe('text between quotes', () => {
  it.each([
    ["it's", "it''s"],
    ["it''s", "it''s"],
    ["'''", "''''''"],
    ['a\\b', 'a\\b'],
    ['plain', 'plain'],
  ])('has its quotes in pairs: %s', (text, written) => {
    expect(betweenQuotes(text)).toBe(written)
    expect(betweenQuotes(written)).toBe(written)
  })

  it.each([
    ["it's", "it''s"],
    ["it\\'s", "it\\'s"],
    ["it\\\\'s", "it\\\\''s"],
    ['C:\\new', 'C:\\\\new'],
    ['C:\\\\new', 'C:\\\\new'],
    ['ends\\', 'ends\\\\'],
    ["\\''", "\\'''"],
  ])('has its backslashes in pairs on MySQL: %s', (text, written) => {
    expect(betweenMysqlQuotes(text)).toBe(written)
    expect(betweenMysqlQuotes(written)).toBe(written)
  })

  it.each([
    ["it''s", "it''''s"],
    ["it\\'s", "it\\'s"],
    ['ends\\', 'ends\\\\'],
  ])('takes two quotes for two in the comment of a column of MySQL: %s', (text, written) => {
    expect(betweenMysqlCommentQuotes(text)).toBe(written)
  })
})

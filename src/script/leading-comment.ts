/** What the comment at the top of a revision file says. */
export interface LeadingComment {
  /** Its first line; empty when there is no comment. */
  readonly message: string
  /** The free text below; lines such as `Revision ID: ...` that templates write are left out. */
  readonly description: string
}

// Lines that templates write, and that repeat what the exports say.
const GENERATED_LINE = /^(?:revision id|revises|create date|branch labels?|depends on)\s*:/i

// Comments for tools, which may stand above the one that is meant.
const DIRECTIVE =
  /^(?:@ts-(?:no)?check\b|@ts-ignore\b|@ts-expect-error\b|eslint|biome-ignore|prettier-ignore|@prettier\b|@format\b|jshint\b|global\s|istanbul ignore|c8 ignore|v8 ignore|oxlint-|<reference\b|\/\s*<reference\b|#\s*sourceMappingURL)/

/**
 * Reads the comment that a file begins with, block or lines, after a byte order mark, a `#!` line, `'use strict'` and
 * comments for tools.
 */
export function readLeadingComment(text: string): LeadingComment {
  let rest = text.replace(/^\uFEFF/, '').replace(/^#!.*/, '')
  for (;;) {
    rest = rest.replace(/^(?:\s|(['"])use strict\1;?)+/, '')
    const block = /^\/\*([\s\S]*?)\*\//.exec(rest) ?? /^(?:\/\/.*(?:\r\n?|\n|$)[^\S\r\n]*)+/.exec(rest)
    if (block === null) return { message: '', description: '' }
    const lines = linesOf(block[0])
    if (lines.some((line) => line !== '' && !DIRECTIVE.test(line))) return divide(lines)
    rest = rest.slice(block[0].length)
  }
}

function linesOf(comment: string): string[] {
  const isBlock = comment.startsWith('/*')
  const body = isBlock ? comment.slice(2, -2).replace(/^\*+/, '') : comment
  const lines = body.split(/\r\n?|\n/).map((line) => line.trimEnd())
  if (!isBlock) return lines.map((line) => line.replace(/^\s*\/\/\/? ?/, ''))
  const [first = '', ...below] = lines
  // Without stars the text keeps its shape, moved to the left.
  const indents = below.filter((line) => line !== '').map((line) => line.search(/\S/))
  const indent = Math.min(...indents)
  return [
    first.trimStart(),
    ...below.map((line) => (/^\s*\*/.test(line) ? line.replace(/^\s*\* ?/, '') : line.slice(indent))),
  ]
}

function divide(lines: readonly string[]): LeadingComment {
  const told = lines.filter((line) => !DIRECTIVE.test(line))
  const first = told.findIndex((line) => line !== '')
  const message = told[first] ?? ''
  const hasMessage = !GENERATED_LINE.test(message)
  const below = told.slice(hasMessage ? first + 1 : first).filter((line) => !GENERATED_LINE.test(line))
  return {
    message: hasMessage ? message.trim() : '',
    description: below
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  }
}

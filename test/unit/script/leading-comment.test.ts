import { describe, expect, test } from 'vitest'
import { readLeadingComment } from '../../../src/script/leading-comment.ts'

const template = `/**
 * Add the accounts table
 *
 * Revision ID: a1b2c3
 * Revises: 000000
 * Create Date: 2026-11-21 05:00:00
 *
 * Accounts replace logins.
 *   They are unique by email.
 *
 *
 * Second paragraph.
 */
import type { Knex } from 'knex'
`

const expected = {
  message: 'Add the accounts table',
  description: 'Accounts replace logins.\n  They are unique by email.\n\nSecond paragraph.',
}

describe('the leading comment', () => {
  test.each([
    ['as a template writes it', template],
    ['with CRLF', template.replaceAll('\n', '\r\n')],
    ['after a byte order mark', `\uFEFF${template}`],
    ['after a #! line', `#!/usr/bin/env node\n${template}`],
    ['after "use strict"', `'use strict';\n\n${template}`],
    ['after comments for tools', `// @ts-check\n/* eslint-disable no-undef */\n\n${template}`],
    ['as a plain block', template.replace('/**', '/*').replaceAll('\n * ', '\n').replaceAll('\n *\n', '\n\n')],
    [
      'as lines',
      template
        .replace('/**\n', '')
        .replace(' */\n', '')
        .replaceAll(/^ \* ?/gm, '// '),
    ],
  ])('gives the message and the description, %s', (_, text) => {
    expect(readLeadingComment(text)).toEqual(expected)
  })

  test.each([
    ['one line', '/** Add it */\nexport {}', 'Add it', ''],
    ['two blocks of lines', '// Add it\n// now\n\n// something else\n', 'Add it', 'now'],
    ['an empty message', '/**\n *\n *\n * Revision ID: a\n * Revises:\n *\n * Text.\n */', '', 'Text.'],
    ['no comment', 'export {} // not this', '', ''],
    ['a comment below code', 'import x from "y"\n/** Not this */', '', ''],
    ['a comment that does not end', '/* open', '', ''],
    ['an empty comment', '/** */\nexport {}', '', ''],
    ['an empty file', '', '', ''],
    ['only comments for tools', '// @ts-nocheck\n', '', ''],
    ['markers in the text', '/** Add a "/*" and // and é 😀 */', 'Add a "/*" and // and é 😀', ''],
  ])('understands %s', (_, text, message, description) => {
    expect(readLeadingComment(text)).toEqual({ message, description })
  })
})

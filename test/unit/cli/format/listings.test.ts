import { describe, expect, it } from 'vitest'
import {
  formatBranches,
  formatCurrent,
  formatHeads,
  formatHistory,
  formatShow,
  formatTemplates,
} from '../../../../src/cli/format/listings.ts'
import { plainStyle } from '../../../../src/cli/style.ts'
import type { RevisionInfo } from '../../../../src/commands/revision-info.ts'

const short = { style: plainStyle, long: false }
const long = { style: plainStyle, long: true }

function info(revision: string, rest: Partial<RevisionInfo> = {}): RevisionInfo {
  return {
    revision,
    message: `message of ${revision}`,
    file: undefined,
    description: '',
    requires: [],
    downRevisions: [],
    dependsOn: [],
    effectiveDownRevisions: [],
    children: [],
    dependents: [],
    branchLabels: [],
    labels: [],
    isBase: false,
    isEffectiveBase: false,
    isHead: false,
    isEffectiveHead: false,
    isBranchPoint: false,
    isEffectiveBranchPoint: false,
    isMergePoint: false,
    ...rest,
  }
}

//  a ──┬── b ──┐
//      └── c ──┴── m (head)      d (billing, depends on c; m depends on d)
const a = info('a', { isBase: true, isBranchPoint: true, children: ['b', 'c'] })
const b = info('b', { downRevisions: ['a'] })
const c = info('c', { downRevisions: ['a'], message: '' })
const d = info('d', { labels: ['billing'], dependsOn: ['c'], dependents: ['m'], isHead: true })
const m = info('m', {
  downRevisions: ['b', 'c'],
  dependsOn: ['d'],
  isMergePoint: true,
  isHead: true,
  isEffectiveHead: true,
  file: '/p/versions/m.ts',
  description: 'It joins.\n\nBoth.',
})

describe('history', () => {
  it('is one line for each revision', () => {
    const text = formatHistory({ command: 'history', database: undefined, revisions: [m, d, c, b, a] }, short)
    expect(text.split('\n')).toEqual([
      'b, c (d) -> m (head) (mergepoint), message of m',
      '<base> (c) -> d (billing) (head, depended on), message of d',
      'a -> c',
      'a -> b, message of b',
      '<base> -> a (branchpoint), message of a',
      '',
    ])
  })

  it('marks the current rows', () => {
    const revisions = [
      { ...b, current: true },
      { ...a, current: false },
    ]
    expect(formatHistory({ command: 'history', database: 'x', revisions }, short)).toBe(
      'a -> b (current), message of b\n<base> -> a (branchpoint), message of a\n',
    )
  })

  it('has a long form with a blank line between revisions', () => {
    const text = formatHistory({ command: 'history', database: undefined, revisions: [m, a] }, long)
    expect(text.split('\n')).toEqual([
      'Rev: m (head) (mergepoint)',
      'Merges: b, c',
      'Also depends on: d',
      'Path: /p/versions/m.ts',
      '',
      '    message of m',
      '',
      '    It joins.',
      '',
      '    Both.',
      '',
      'Rev: a (branchpoint)',
      'Parent: <base>',
      'Branches into: b, c',
      '',
      '    message of a',
      '',
    ])
  })
})

it('heads are ids with their marks, and nothing when there are none', () => {
  expect(formatHeads({ command: 'heads', revisions: [d, m] }, short)).toBe(
    'd (billing) (head, depended on), message of d\nm (head) (mergepoint), message of m\n',
  )
  expect(formatHeads({ command: 'heads', revisions: [] }, long)).toBe('')
})

it('branches list each branch point with its children', () => {
  expect(formatBranches({ command: 'branches', branchPoints: [{ revision: a, children: [b, c] }] }, short)).toBe(
    'a (branchpoint), message of a\n  -> b, message of b\n  -> c\n',
  )
})

it('show is always the long form', () => {
  expect(
    formatShow({ command: 'show', revisions: [d] }, short)
      .split('\n')
      .slice(0, 5),
  ).toEqual([
    'Rev: d (head, depended on)',
    'Parent: <base>',
    'Also depends on: c',
    'Needed by: m',
    'Branch names: billing',
  ])
})

it('current tells rows, implied tips and rows that no file knows apart', () => {
  const result = {
    command: 'current',
    database: 'x',
    exists: true,
    rows: ['m', 'gone'],
    revisions: [d, { ...m, current: true }],
    unknown: ['gone'],
    heads: ['m'],
    atHeads: false,
  } as const
  expect(formatCurrent(result, short).split('\n')).toEqual([
    'd (billing) (head, depended on), message of d (through a dependency)',
    'm (head) (mergepoint), message of m',
    'gone (no file knows this revision)',
    '',
  ])
})

it('templates stand in columns', () => {
  const templates = [
    {
      name: 'mine',
      description: 'of ours',
      directory: '/p/templates/mine',
      builtIn: false,
      parts: ['revision' as const],
    },
    { name: 'typescript', description: 'the default', directory: '/r/typescript', builtIn: true, parts: [] },
  ]
  expect(formatTemplates({ command: 'list-templates', templates }, short)).toBe(
    'mine        of ours (of this project)\ntypescript  the default\n',
  )
})

it('no text from a file reaches the terminal as a command to it', () => {
  const evil = info('x', { message: 'a\u001b[2J', description: '\u001b]0;t\u0007', labels: ['l\u001b'] })
  for (const look of [short, long])
    expect(formatHeads({ command: 'heads', revisions: [evil] }, look)).not.toContain('\u001b')
})

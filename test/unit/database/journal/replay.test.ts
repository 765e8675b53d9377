import { expect, test } from 'vitest'
import type { JournalEntry, StatementState } from '../../../../src/database/journal/journal-entry.ts'
import { Replay, type ReplayRules } from '../../../../src/database/journal/replay.ts'
import { isSameText, statementHash } from '../../../../src/database/journal/statement-hash.ts'

const hash = (statement: string): string => {
  const [sql = '', ...values] = statement.split(' ')
  return statementHash(sql, values)
}
// Statements are one word and its values: `insert 1 2`; one that failed begins with an exclamation mark.
const entries = (...statements: string[]): JournalEntry[] =>
  statements.map((text, index) => {
    const statement = text.replace('!', '')
    const state: StatementState = text.startsWith('!') ? 'failed' : 'done'
    return { number: index + 1, state, hash: hash(statement), statement } as JournalEntry
  })
const careful: ReplayRules = { mayBeAbsent: () => false, otherValuesAreNew: false, doneAtOnce: false }
const guarded: ReplayRules = {
  mayBeAbsent: ({ statement }) => statement === 'create',
  otherValuesAreNew: false,
  doneAtOnce: false,
}
const trusted: ReplayRules = { mayBeAbsent: () => true, otherValuesAreNew: true, doneAtOnce: true }

const follow = (before: readonly JournalEntry[], rules: ReplayRules, ...statements: string[]): string[] => {
  const replay = new Replay(before, rules)
  const answers = statements.map((statement) => {
    const answer = replay.next(hash(statement))
    return answer.kind === 'stop' ? answer.reason : answer.kind
  })
  const missed = replay.finish()
  return missed === undefined ? answers : [...answers, `missed ${missed.statement}`]
}

test.each([
  [
    'goes along what is done and then on',
    ['create', 'insert 1'],
    careful,
    ['create', 'insert 1', 'drop'],
    ['skip', 'skip', 'send'],
  ],
  [
    'takes equal statements one by one',
    ['insert 1', 'insert 1'],
    careful,
    ['insert 1', 'insert 1', 'insert 1'],
    ['skip', 'skip', 'send'],
  ],
  ['passes over what guards leave out', ['create', 'insert 1'], guarded, ['insert 1', 'drop'], ['skip', 'send']],
  ['stops where something else is left out', ['insert 1', 'update 2'], careful, ['drop'], ['absent']],
  [
    'stops at other values',
    ['insert 1', 'update 2'],
    careful,
    ['insert 1', 'update 3'],
    ['skip', 'other-values', 'missed update 2'],
  ],
  ['sends other values when somebody has looked', ['insert 1'], trusted, ['insert 2'], ['send']],
  [
    'sends again what failed and did not stop it',
    ['create', '!insert 1', 'update 2'],
    careful,
    ['create', 'insert 1', 'update 2', 'drop'],
    ['skip', 'send', 'skip', 'send'],
  ],
  ['never sends what was passed over', ['create', 'insert 1'], guarded, ['insert 1', 'create'], ['skip', 'order']],
  [
    'never sends what is done behind something new',
    ['create', 'insert 1'],
    trusted,
    ['drop', 'insert 1'],
    ['send', 'order'],
  ],
  ['misses at the end what did not come', ['create', 'insert 1'], careful, ['create'], ['skip', 'missed insert 1']],
] as const)('a function that is run again %s', (_, before, rules, statements, answers) => {
  expect(follow(entries(...before), rules, ...statements)).toEqual(answers)
})

test('statements are told apart by their text and their values, whatever they are', () => {
  const values: unknown[] = [1, '1', 1n, null, undefined, true, 'true', new Date(0), 0, { a: 1 }, [1], Buffer.from([1])]

  expect(new Set(values.map((value) => statementHash('insert', [value]))).size).toBe(values.length)
  expect(statementHash('insert', ['a', 'b'])).not.toBe(statementHash('insert', ['ab']))
  expect(isSameText(statementHash('insert', [1]), statementHash('insert', [2]))).toBe(true)
  expect(isSameText(statementHash('insert', [1]), statementHash('update', [1]))).toBe(false)
  expect(statementHash('create _knex_temp_alter12', [])).toBe(statementHash('create _knex_temp_alter7', []))
})

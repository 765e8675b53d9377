import { describe, expect, test } from 'vitest'
import { toRevisionModule } from '../../../src/script/load-revision-module.ts'

const upgrade = () => undefined
const downgrade = () => undefined
const sound = { revision: 'a', down_revision: null, upgrade, downgrade }

function problemsOf(exports: Record<string, unknown>): readonly string[] {
  try {
    toRevisionModule(exports, 'a.ts')
  } catch (error) {
    expect(error).toMatchObject({ code: 'REV_FILE_INVALID_EXPORTS', details: { file: 'a.ts' } })
    return (error as { details: { problems: string[] } }).details.problems
  }
  return []
}

describe('the exports of a revision', () => {
  test('come in one shape', () => {
    expect(toRevisionModule(sound, 'a.ts')).toEqual({
      revision: 'a',
      upgrade,
      downgrade,
      irreversible: undefined,
      transaction: true,
      limits: { tableLockTimeoutMs: undefined, statementTimeoutMs: undefined, retries: 0 },
    })
  })

  test.each([
    [{ transaction: false }, false],
    [{ transaction: true }, true],
    [{ config: { transaction: false } }, false],
    [{ config: {} }, true],
    [{ config: { transaction: false }, transaction: false }, false],
  ])('opt out of the transaction by %j', (more, transaction) => {
    expect(toRevisionModule({ ...sound, ...more }, 'a.ts').transaction).toBe(transaction)
  })

  test('set limits of their own', () => {
    const config = { tableLockTimeout: '10m', statementTimeout: 0, retries: 3, somebodyElses: true }

    expect(toRevisionModule({ ...sound, config }, 'a.ts').limits).toEqual({
      tableLockTimeoutMs: 600_000,
      statementTimeoutMs: 0,
      retries: 3,
    })
  })

  test.each([[undefined], [false], [null]])('may have %s for a downgrade with a reason', (none) => {
    const exports = { ...sound, downgrade: none, irreversible: 'drops data' }

    expect(toRevisionModule(exports, 'a.ts')).toMatchObject({ downgrade: undefined, irreversible: 'drops data' })
  })

  test.each([
    ['revision', { revision: 1 }],
    ['revision', { revision: '' }],
    ['down_revision', { down_revision: undefined }],
    ['down_revision', { down_revision: 1 }],
    ['down_revision', { down_revision: ['a', null] }],
    ['branch_labels', { branch_labels: {} }],
    ['depends_on', { depends_on: [''] }],
    ['message', { message: 1 }],
    ['dependsOn', { dependsOn: 'b' }],
    ['upgrade', { upgrade: undefined }],
    ['upgrade', { upgrade: 'x' }],
    ['downgrade', { downgrade: undefined }],
    ['downgrade', { downgrade: false }],
    ['downgrade', { downgrade: 'x', irreversible: 'y' }],
    ['irreversible', { irreversible: 'both' }],
    ['irreversible', { downgrade: false, irreversible: true }],
    ['irreversible', { downgrade: false, irreversible: ' ' }],
    ['transaction', { transaction: 'no' }],
    ['config.transaction', { config: { transaction: 0 } }],
    ['config', { config: true }],
    ['config.transaction', { config: { transaction: true }, transaction: false }],
    ['config.tableLockTimeout', { config: { tableLockTimeout: 'soon' } }],
    ['config.tableLockTimeout', { config: { tableLockTimeout: null } }],
    ['config.statementTimeout', { config: { statementTimeout: -1 } }],
    ['config.retries', { config: { retries: '3' } }],
    ['config.retries', { config: { retries: 1.5 } }],
    ['config.retries', { config: { retries: 101 } }],
    ['config.retries', { config: { retries: 1, transaction: false } }],
    ['config.retries', { config: { retries: 1 }, transaction: false }],
    ['config.lockTimeout', { config: { lockTimeout: '1s' } }],
    ['config.tableLockTimeOut', { config: { tableLockTimeOut: '1s' } }],
    ['config.retry', { config: { retry: 3 } }],
  ])('are faulty in "%s": %j', (name, more) => {
    const problems = problemsOf({ ...sound, ...more })

    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(`"${name}"`)
  })

  test('have all their faults told at once', () => {
    expect(problemsOf({ revision: 1, down_revision: 2, transaction: 3 })).toHaveLength(5)
  })

  test('of a file that uses the words of Knex say so', () => {
    const problems = problemsOf({ revision: 'a', down_revision: null, up: upgrade, down: downgrade })

    expect(problems).toEqual([expect.stringContaining('"up"'), expect.stringContaining('"down"')])
  })

  test.each([
    [{ up: upgrade, down: downgrade }, 'knex'],
    [{ helper: 1 }, 'unknown'],
    [{}, 'unknown'],
  ])('without a revision are no revision: %j', (exports, looksLike) => {
    expect(() => toRevisionModule(exports, 'a.ts')).toThrow(
      expect.objectContaining({ code: 'REV_FILE_NOT_A_REVISION', details: { file: 'a.ts', looksLike } }),
    )
  })
})

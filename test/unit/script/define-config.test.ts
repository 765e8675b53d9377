import type { Knex } from 'knex'
import { expect, it } from 'vitest'
import { defineConfig } from '../../../src/script/define-config.ts'

// The type check is the test of what follows; running it shows that nothing is changed.

interface Environments {
  development: Knex.Config
  test: Knex.Config
}

it('takes the knexfiles that there are, and gives them back as they are', () => {
  const record: Record<string, Knex.Config> = { development: { client: 'pg' } }
  const environments: Environments = { development: { client: 'pg' }, test: { client: 'pg' } }
  const constant = { development: { client: 'pg', pool: { min: 1 } } } as const
  const later = async () => ({ development: { client: 'pg', rev: { schema: 'app' } } })

  expect(defineConfig(record)).toBe(record)
  expect(defineConfig(environments)).toBe(environments)
  expect(defineConfig(constant)).toBe(constant)
  expect(defineConfig(later)).toBe(later)
  expect(defineConfig({ client: 'pg', rev: { lockTimeout: 5 } }).rev.lockTimeout).toBe(5)
  expect(defineConfig({ databases: { app: { client: 'pg', rev: { schema: 'app' } } } }).databases.app.client).toBe('pg')
  expect(
    defineConfig({ development: { client: 'pg', databases: { app: { connection: 'x' } } } }).development.client,
  ).toBe('pg')
  expect(defineConfig({ databases: ['app'], app: { client: 'pg' } }).databases).toEqual(['app'])
  expect(defineConfig({ rev: { schema: 'app' }, test: { client: 'pg' } }).test.client).toBe('pg')
})

it('refuses slips', () => {
  // @ts-expect-error there is no such setting
  void defineConfig({ client: 'pg', rev: { versionLocation: 'x' } })
  // @ts-expect-error there is no such setting
  void defineConfig({ development: { client: 'pg' }, production: { client: 'pg', rev: { versionLocation: 'x' } } })
  // @ts-expect-error there is no such setting
  void defineConfig({ databases: { app: { client: 'pg', rev: { versionLocation: 'x' } } } })
  // @ts-expect-error no configuration
  void defineConfig(5)
  // @ts-expect-error no configuration
  void defineConfig({ development: 5 })
})

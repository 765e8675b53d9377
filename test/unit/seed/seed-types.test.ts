import { expect, it } from 'vitest'
import type { SeedContext, SeedFunction } from '../../../src/index.ts'

interface Country {
  code: string
  name: string
}

// Checked by the compiler: what it refuses is the test.
const typed: SeedFunction = async (knex, { upsert, insertMissing, inBatches, random }: SeedContext) => {
  const rows: Country[] = [{ code: 'AT', name: 'Austria' }]
  const { inserted } = await upsert('countries', rows, { key: 'code' })
  await upsert('countries', rows, { key: ['code', 'name'], knex })
  // @ts-expect-error: no row has such a column.
  await upsert('countries', rows, { key: 'nothing' })
  // @ts-expect-error: without a key no row can be found again.
  await insertMissing('countries', rows)
  // @ts-expect-error: rows are objects.
  await upsert('countries', ['AT'], { key: 'code' })
  const count: number = await inBatches(rows, 100, (batch, trx) =>
    trx('countries').insert(batch.map(({ name }) => ({ name }))),
  )
  return inserted + count + random.pick(rows).code.length
}

it('the helpers know the columns of the rows', () => {
  expect(typed).toBeTypeOf('function')
})

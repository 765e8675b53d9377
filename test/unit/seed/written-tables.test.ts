import { describe, expect, it } from 'vitest'
import { isSameTable, tablesOfCode, tablesOfSql } from '../../../src/seed/files/written-tables.ts'

describe('the tables that a seed says it writes', () => {
  it('are named by the helpers and by inserts of Knex, and not by comments and reads', () => {
    expect(
      tablesOfCode(`
        // await upsert('commented', rows, { key: 'id' })
        import { rows } from './rows.ts'
        export async function run(knex: Knex, { upsert, insertMissing }: SeedContext) {
          await knex('read').where({ id: 1 }).select()
          const ids = await trx('cities').insert(rows)
          await upsert<Street>('streets', [])
          await upsert("countries", rows, { key: 'code' })
          await insertMissing('shop.orders', rows, { key: 'id' })
          await knex.batchInsert('lines', rows)
          await knex.insert(rows).into('notes')
          await other('deleted').delete()
        }`),
    ).toEqual(['cities', 'streets', 'countries', 'shop.orders', 'lines', 'notes'])
    expect(tablesOfCode('/* never ended')).toEqual([])
  })

  it('are named by inserts of SQL', () => {
    const sql = `-- insert into commented values (1)
      insert into cities (name) values ('insert into text');
      insert into "shop"."Orders" select * from cities; insert or ignore into lines values (1);
      update notes set a = 1;`

    expect(tablesOfSql(sql, 'sqlite')).toEqual(['cities', 'Orders', 'lines'])
    expect(tablesOfSql('insert ignore into `a`.`b` values (1); replace into c values (1)', 'mysql')).toEqual(['b', 'c'])
  })

  it('are the same with and without a schema, quotes and capitals', () => {
    expect(isSameTable('public.Countries', '"countries"')).toBe(true)
    expect(isSameTable('countries', 'country')).toBe(false)
  })
})

import type { Operation } from '../history.ts'

/** Rows and values as only PostgreSQL knows them. */
export const postgresqlRowOperations: readonly Operation[] = [
  {
    title: 'upserts with conditions',
    upgrade: async (knex) => {
      await knex('goods')
        .insert({ id: 1, name: 'upserted', price: 5 })
        .onConflict('id')
        .merge({ name: knex.raw("excluded.name || '!' || goods.name"), price: 500 })
        .where('goods.price', '<', 1000)
      await knex('goods')
        .insert({ id: 1, name: 'no' })
        .onConflict(['id'])
        .merge(['name'])
        .whereRaw('goods.id = ?', [-1])
      await knex('goods').insert({ id: 2 }).onConflict(knex.raw('(id)')).ignore()
      await knex('goods').insert({ id: 2 }).onConflict().ignore()
    },
    downgrade: () => {},
  },
  {
    title: 'rows with and from other statements',
    upgrade: async (knex) => {
      await knex('stock')
        .with('rich', knex('goods').select('id').where('price', '>', 100))
        .whereIn('goods_id', knex('rich').select('id'))
        .update({ amount: 1000 })
      await knex('stock')
        .updateFrom('goods')
        .whereRaw('goods.id = stock.goods_id')
        .update({ amount: knex.ref('goods.price') })
      await knex('stock').using(['goods']).whereRaw('goods.id = stock.goods_id and goods.price < ?', [0]).del()
      await knex.raw(
        `with moved as (delete from stock where goods_id = ? returning *)
        insert into stock select goods_id + 500, amount from moved`,
        [2],
      )
      await knex('stock')
        .withRecursive('counting', knex.raw('select 1 as n union all select n + 1 from counting where n < ?', [4]))
        .insert(knex.select(knex.raw('n + 5000'), 'n').from('counting'))
    },
    downgrade: (knex) => knex('stock').where('goods_id', '>=', 5000).del(),
  },
  {
    title: 'rows returned to nobody, and one by one',
    upgrade: async (knex) => {
      await knex('goods').insert({ id: 900, kind: 'back', price: 1 }).returning(['id', 'name'])
      await knex('goods').where({ id: 900 }).update({ price: 2 }, ['id'])
      await knex('goods').where({ id: 900 }).returning('*').del()
      await knex('goods').insert({ id: 901, price: knex.raw('default'), kind: knex.raw('null') })
    },
    downgrade: (knex) => knex('goods').where({ id: 901 }).del(),
  },
  {
    title: 'arrays of every kind',
    upgrade: async (knex) => {
      await knex.raw(`create table arrays (t text[], n numeric[], b boolean[], d timestamptz[], j jsonb[], y bytea[],
        jb jsonb, e mood[])`)
      await knex('arrays').insert({
        t: [],
        n: ['1.50', 2, 3n],
        b: [true, false, null],
        d: [new Date(0), '2001-02-03T04:05:06Z'],
        j: [{ a: "it's" }, { b: ['\\', '"', null] }],
        y: [Buffer.from([0, 1, 92, 39]), Buffer.alloc(0)],
        jb: JSON.stringify([1, 'two', { three: null }]),
        e: ['sad', 'ok'],
      })
      await knex.raw('update arrays set t = t || ?::text[] where t = ?', [['a,b', 'c"d', "e'f", 'NULL', ' '], []])
      await knex.raw('insert into arrays (n) values (array[?, ?]::numeric[]), (?)', [1, 2, [3, 4]])
    },
    downgrade: (knex) => knex.schema.dropTable('arrays'),
  },
  {
    title: 'objects that say themselves what they are',
    upgrade: async (knex) => {
      const point = { toPostgres: () => '(3,4)' }
      const nested = { toPostgres: (prepare: (value: unknown) => unknown) => prepare({ deep: ["it's"] }) }
      await knex.raw('create table own_values (p point, j jsonb, u text, x bytea)')
      await knex.raw('insert into own_values values (?, ?, ?, ?)', [
        point,
        nested,
        new URL('https://example.org/?a=1&b=%27') as never,
        new Uint8Array([1, 0, 255]),
      ] as never)
    },
    downgrade: (knex) => knex.schema.dropTable('own_values'),
  },
  {
    title: 'the operators that are question marks, and paths of json',
    upgrade: async (knex) => {
      await knex.raw("update arrays set jb = ? where jb \\? 'two' and not jb \\?| array['x', ?] and not jb \\?& ?", [
        { answer: 'yes?' },
        'y',
        ['z'],
      ])
      await knex.raw("update arrays set jb = jsonb_set(jb, '{list}', to_jsonb(?::text[])) where jb ->> ? is not null", [
        ['a?', '$1'],
        'answer',
      ])
      await knex.raw('update arrays set jb = jb || :more::jsonb where jb @@ \'$.answer == "yes\\?"\'', {
        more: { x: 1 },
      })
      await knex('arrays')
        .whereJsonPath('jb', '$.x', '=', 1)
        .update({ t: ['by path'] })
      await knex('arrays')
        .whereJsonSupersetOf('jb', { x: 1 })
        .update('jb', knex.jsonSet('jb', '$.y', '"set"'))
    },
    downgrade: () => {},
  },
  {
    title: 'moments in every form',
    upgrade: async (knex) => {
      await knex.raw('create table moments (tz timestamptz, local timestamp, day date, clock time, span interval)')
      const moments = [new Date(0), new Date(Date.UTC(2024, 2, 31, 1, 30, 0, 123)), new Date(Date.UTC(1850, 0, 1))]
      for (const moment of moments) await knex('moments').insert({ tz: moment, local: moment, day: moment })
      await knex('moments').insert([
        { tz: 'infinity', local: '-infinity', day: 'epoch', clock: '24:00', span: 'P1Y2M3DT4H5M6.7S' },
        { tz: '2020-01-01 00:00:00 Europe/Berlin', day: '0044-03-15 BC', span: '-1 day +02:03:04' },
      ])
      await knex.raw("update moments set local = tz at time zone ? where day > date '2000-01-01'", ['UTC'])
    },
    downgrade: (knex) => knex.schema.dropTable('moments'),
  },
  {
    title: 'tables emptied together',
    upgrade: async (knex) => {
      await knex.raw(
        'create table full_one (id serial primary key); create table full_two (one int references full_one)',
      )
      await knex.raw('insert into full_one default values; insert into full_two values (1)')
      await knex.raw('truncate full_one, full_two restart identity cascade')
      await knex.raw('insert into full_one default values')
      await knex('full_two').truncate()
    },
    downgrade: (knex) => knex.raw('drop table full_two; drop table full_one'),
  },
]

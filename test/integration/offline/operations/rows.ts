import type { Operation } from '../history.ts'

const everyCharacter = Array.from({ length: 126 }, (_, index) => String.fromCharCode(index + 1)).join('')

/** Rows as Knex's query builder changes them everywhere; the tables are `goods` and `stock`. */
export const rowOperations: readonly Operation[] = [
  {
    title: 'tables for rows',
    upgrade: async (knex) => {
      await knex.schema.createTable('goods', (table) => {
        table.integer('id').primary()
        table.string('name', 200)
        table.text('note', 'mediumtext')
        table.integer('price').defaultTo(10)
        table.string('kind', 20)
        table.unique(['kind', 'price'], { indexName: 'goods_kind_price' })
      })
      await knex.schema.createTable('stock', (table) => {
        table.integer('goods_id')
        table.integer('amount')
      })
      await knex('goods').insert([
        { id: 1, name: 'one', price: 1, kind: 'a' },
        { id: 2, name: 'two', price: 2, kind: 'a' },
        { id: 3, name: 'three', price: 3, kind: 'b' },
      ])
      await knex('stock').insert([
        { goods_id: 1, amount: 5 },
        { goods_id: 2, amount: 0 },
      ])
    },
    downgrade: (knex) => knex.schema.dropTable('stock').dropTable('goods'),
  },
  {
    title: 'text of every character and of no character',
    upgrade: (knex) =>
      knex('goods').insert([
        { id: 10, name: '', note: everyCharacter, kind: 'text', price: 1 },
        { id: 11, name: '  spaces ', note: ' '.repeat(3), kind: 'text', price: 2 },
        { id: 12, name: '007', note: '\ufefféé\u200f👩‍👩‍👧\u2028\u2029', kind: 'text', price: 3 },
        { id: 13, name: "''", note: '\\', kind: 'text', price: 4 },
        { id: 14, name: '-- ', note: "\\'; DROP TABLE goods; --", kind: 'text', price: 5 },
        { id: 15, name: '%s :a @b {x}', note: '\r\n.quit\n\\q\n/\ngo\nDELIMITER //\n', kind: 'text', price: 6 },
      ]),
    downgrade: (knex) => knex('goods').where({ kind: 'text' }).del(),
  },
  {
    title: 'a text of a hundred thousand characters',
    upgrade: (knex) => knex('goods').insert({ id: 20, note: "long; it's ".repeat(9_000), kind: 'long', price: 1 }),
    downgrade: (knex) => knex('goods').where('id', 20).del(),
  },
  {
    title: 'rows with other keys than their neighbours, and with undefined in them',
    upgrade: (knex) =>
      knex('goods').insert([
        { id: 30, name: 'first', kind: 'gap' },
        { id: 31, price: 31, kind: 'gap', name: undefined },
        { id: 32, note: 'third', price: 32 },
      ]),
    downgrade: (knex) => knex('goods').whereBetween('id', [30, 32]).del(),
  },
  {
    title: 'five hundred rows in one statement',
    upgrade: (knex) =>
      knex('stock').insert(Array.from({ length: 500 }, (_, index) => ({ goods_id: 1000 + index, amount: index % 7 }))),
    downgrade: (knex) => knex('stock').where('goods_id', '>=', 1000).del(),
  },
  {
    title: 'an upsert on two columns',
    upgrade: async (knex) => {
      await knex('goods')
        .insert([
          { id: 40, kind: 'a', price: 1, name: 'other one' },
          { id: 41, kind: 'a', price: 99, name: 'new' },
        ])
        .onConflict(['kind', 'price'])
        .merge(['name'])
      await knex('goods').insert({ id: 42, kind: 'b', price: 3 }).onConflict(['kind', 'price']).ignore()
    },
    downgrade: (knex) => knex('goods').whereIn('id', [41]).del(),
  },
  {
    title: 'counters up and down',
    upgrade: async (knex) => {
      await knex('goods').where({ id: 1 }).increment({ price: 100 }).update({ note: 'counted' })
      await knex('goods').where('id', 2).decrement('price', 1)
      await knex('stock').where('goods_id', '<', 10).increment('amount')
    },
    downgrade: (knex) => knex('goods').where({ id: 1 }).update({ note: null }),
  },
  {
    title: 'columns set to columns and to expressions',
    upgrade: async (knex) => {
      await knex('goods')
        .where('id', '<', 4)
        .update({ note: knex.ref('name'), name: knex.raw('upper(??)', ['name']) })
      await knex('goods').insert({
        id: 50,
        name: knex.raw('upper(?)', ["it's"]),
        price: knex.raw('? + 2', [40]),
        kind: 'raw',
      })
    },
    downgrade: (knex) => knex('goods').where({ id: 50 }).delete(),
  },
  {
    title: 'a value that is a query',
    upgrade: (knex) =>
      knex('stock')
        .where('goods_id', '<', 10)
        .update({ amount: knex('goods').count('*').where({ kind: 'a' }) }),
    downgrade: () => {},
  },
  {
    title: 'conditions of every kind',
    upgrade: async (knex) => {
      await knex('goods')
        .where((builder) => builder.where('id', '>', 0).andWhereNot({ kind: 'never' }).orWhereNull('kind'))
        .whereIn('id', knex('stock').select('goods_id').where('amount', '>', 0))
        .whereExists(knex.select(knex.raw('1')).from('stock').whereRaw('stock.goods_id = goods.id'))
        .whereNotBetween('price', [1000, 2000])
        .whereILike('name', '%e%')
        .whereRaw('?? % ? = ?', ['id', 2, 1])
        .update({ note: 'all conditions' })
      await knex('goods')
        .whereIn(
          ['kind', 'price'],
          [
            ['never', 1],
            ['never', 2],
          ],
        )
        .del()
      await knex('goods').whereIn('id', []).update({ note: 'nobody' })
      await knex('goods').whereNotIn('id', []).where('id', '<', 0).del()
    },
    downgrade: () => {},
  },
  {
    title: 'rows deleted by a query',
    upgrade: async (knex) => {
      await knex('stock').insert([
        { goods_id: 77, amount: 1 },
        { goods_id: 78, amount: 2 },
      ])
      await knex('stock').whereNotIn('goods_id', knex('goods').select('id')).andWhere('goods_id', '<', 1000).del()
    },
    downgrade: () => {},
  },
  {
    title: 'rows out of a select',
    upgrade: (knex) =>
      knex.raw(
        `insert into goods (id, name, price, kind)
         select id + :offset, upper(name), price, :kind from goods where kind = :from order by id`,
        { offset: 100, kind: 'copy', from: 'a' },
      ),
    downgrade: (knex) => knex('goods').where({ kind: 'copy' }).del(),
  },
  {
    title: 'a query as text of its own',
    upgrade: async (knex) => {
      const text = knex('goods').where({ id: 3 }).update({ note: "quoted 'text'", price: 33 }).toQuery()
      await knex.raw(text)
      const { sql, bindings } = knex('goods').where({ id: 2 }).update({ note: 'compiled' }).toSQL()
      await knex.raw(sql, bindings)
    },
    downgrade: () => {},
  },
  {
    title: 'a builder that is copied and changed',
    upgrade: async (knex) => {
      const base = knex('stock').where('goods_id', '<', 10)
      await base.clone().where('amount', '>', 1).update({ amount: 50 })
      await base
        .clone()
        .modify((builder) => builder.where('amount', 50))
        .increment('amount', 1)
    },
    downgrade: () => {},
  },
  {
    title: 'many small statements, one after the other',
    upgrade: async (knex) => {
      for (let index = 0; index < 60; index += 1) {
        await knex('stock').insert({ goods_id: 2000 + index, amount: index })
        if (index % 10 === 0)
          await knex('stock')
            .where('goods_id', 2000 + index)
            .update({ amount: -index })
      }
    },
    downgrade: (knex) => knex('stock').where('goods_id', '>=', 2000).del(),
  },
  {
    title: 'names by binding, by number and in lists',
    upgrade: async (knex) => {
      await knex.raw('update ?? set ?? = ? where ?? in (?, ?)', ['goods', 'note', 'by ??', 'goods.id', 1, 2])
      await knex.raw('update goods set note = ? where id = ? and ? = ?', [null, 3, 'same', 'same'])
      await knex.raw("update goods set note = 'a \\? b' where id = :id", { id: -1 })
    },
    downgrade: () => {},
  },
]

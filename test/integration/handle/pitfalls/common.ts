import type { Pitfall, Table } from './pitfall.ts'

export const commonPitfalls: readonly Pitfall[] = [
  {
    title: 'a question mark in a default, a check, a comment, an enum, a view and raw text stays one',
    work: async (knex) => {
      await knex.schema.createTable('ask', (t: Table) => {
        t.comment('table?')
        t.integer('id').primary()
        t.string('text').defaultTo('a?b').comment('why?')
        t.string('answer').checkIn(['yes?', 'no'])
        t.string('other').checkNotIn(['never?'])
        t.enu('kind', ['k?', 'l']).defaultTo('k?')
        t.check('?? <> ?', ['text', 'x?'], 'ask_text')
      })
      await knex.raw(`insert into ask (id, answer) values (1, 'yes?') -- really?`)
      await knex('ask').insert({ id: 2, text: 'c?d', answer: 'no', kind: 'l' })
      await knex.schema.createView('asked', (v: Table) => v.as(knex('ask').whereIn('text', ['a?b', 'c?d'])))
    },
    read: (knex) => knex('asked').orderBy('id').select('id', 'text', 'answer', 'kind'),
    gives: [
      { id: 1, text: 'a?b', answer: 'yes?', kind: 'k?' },
      { id: 2, text: 'c?d', answer: 'no', kind: 'l' },
    ],
  },
  {
    title: 'quotes in the values of an enum are escaped, and left when they are escaped already',
    work: async (knex) => {
      await knex.schema.createTable('quoted', (t: Table) => {
        t.integer('id')
        t.enu('kind', ["o'clock", "o''ther", "three'''s", 'plain'])
      })
      const kinds = ["o'clock", "o'ther", "three'''s"]
      await knex('quoted').insert(kinds.map((kind, id) => ({ id, kind })))
    },
    read: (knex) => knex('quoted').orderBy('id').pluck('kind'),
    gives: ["o'clock", "o'ther", "three'''s"],
  },
  {
    title: 'an escaped question mark beside a value is one',
    before: ['create table marked (text varchar(20))'],
    work: (knex) =>
      knex.raw("insert into marked select concat_it from (select 'a\\?' as concat_it, ? as other) s", ['b']),
    read: (knex) => knex('marked').pluck('text'),
    gives: ['a?'],
  },
  {
    title: 'the JSON of a default is escaped',
    work: async (knex) => {
      await knex.schema.createTable('documents', (t: Table) => {
        t.integer('id')
        t.json('doc').defaultTo({ text: 'it\'s "so" \\ why? \n' })
      })
      await knex('documents').insert({ id: 1 })
    },
    read: async (knex) => {
      const [doc] = await knex('documents').pluck('doc')
      return typeof doc === 'string' ? JSON.parse(doc) : doc
    },
    gives: { text: 'it\'s "so" \\ why? \n' },
  },
  {
    title: 'a default that is a Date is no text of it',
    work: (knex) => knex.schema.createTable('wrong', (t: Table) => t.datetime('at').defaultTo(new Date(0))),
    refused: /the default of "at" would be the text of a JavaScript Date/,
  },
  {
    title: 'a default that is an object, in a column that is not JSON, is no text of it',
    work: (knex) => knex.schema.createTable('wrong', (t: Table) => t.string('settings').defaultTo({ a: 1 })),
    refused: /the default of "settings" would be the text of a JavaScript object/,
  },
  {
    title: 'a default of bytes is no text of them',
    work: (knex) => knex.schema.createTable('wrong', (t: Table) => t.binary('b', 8).defaultTo(Buffer.from([255, 0]))),
    refused: /the default of "b" would be the text of a JavaScript Buffer/,
  },
  {
    title: 'a default that is a function is not its source',
    work: (knex) => knex.schema.createTable('wrong', (t: Table) => t.string('at').defaultTo(knex.fn.now)),
    refused: /the default of "at" would be the text of a JavaScript function/,
  },
  {
    title: 'a bigint in the query of a view stays the number',
    before: ['create table big (id bigint)', 'insert into big values (9007199254740993), (1)'],
    work: (knex) =>
      knex.schema.createView('biggest', (v: Table) => v.as(knex('big').where('id', 9007199254740993n as never))),
    read: async (knex) => Number(((await knex('biggest').count('* as n'))[0] as { n: unknown }).n),
    gives: 1,
  },
  {
    title: 'bytes in the query of a view stay the bytes',
    work: async (knex) => {
      await knex.schema.createTable('bytes', (t: Table) => t.binary('b', 8))
      await knex('bytes').insert({ b: Buffer.from('ab') })
      await knex.schema.createView('found', (v: Table) => v.as(knex('bytes').where('b', Buffer.from('ab'))))
    },
    read: async (knex) => Number(((await knex('found').count('* as n'))[0] as { n: unknown }).n),
    gives: 1,
  },
  {
    title: 'a date in the query of a view means what a bound date means',
    work: async (knex) => {
      const moment = new Date(Date.UTC(2020, 5, 1, 12, 30))
      await knex.schema.createTable('moments', (t: Table) => t.datetime('at', { precision: 3 }))
      await knex('moments').insert([{ at: moment }, { at: new Date(moment.getTime() + 1000) }])
      await knex.schema.createView('later', (v: Table) => v.as(knex('moments').where('at', '>', moment)))
    },
    read: async (knex) => Number(((await knex('later').count('* as n'))[0] as { n: unknown }).n),
    gives: 1,
  },
  {
    title: 'a date that is none is not stored as something else',
    before: ['create table moments (at timestamp null)'],
    work: (knex) => knex('moments').insert({ at: new Date('nonsense') }),
    refused: /a Date that is invalid/,
  },
  ...[new ArrayBuffer(2), new SharedArrayBuffer(2)].map(
    (buffer): Pitfall => ({
      title: `bytes without a view are not stored as something else: ${buffer.constructor.name}`,
      before: ['create table bytes (b varchar(50))'],
      work: (knex) => knex('bytes').insert({ b: buffer }),
      refused: /an ArrayBuffer would not be stored as its bytes/,
    }),
  ),
]

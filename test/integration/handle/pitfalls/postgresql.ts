import type { Pitfall, Table } from './pitfall.ts'

const comments = `select coalesce(col_description(oid, 1), '') as c, coalesce(obj_description(oid), '') as t
  from pg_class where relname = 'said'`

export const postgresqlPitfalls: readonly Pitfall[] = [
  {
    title: 'a question mark in a partial index, a native enum, a generated column, a trigger and a comment stays one',
    work: async (knex) => {
      await knex.schema.createTable('said', (t: Table) => {
        t.string('a').defaultTo('x')
        t.enu('kind', ['k?'], { useNative: true, enumName: 'kinds' }).defaultTo('k?')
        t.specificType('g', "text generated always as (a || '?') stored")
        t.index(['a'], 'said_a', { predicate: knex.whereRaw("a <> 'never?'") })
      })
      await knex.schema.alterTable('said', (t: Table) => {
        t.comment('what?')
        t.string('a').defaultTo('y?').comment('why?').alter({ alterType: false })
      })
      await knex('said').insert({ a: 'z' })
      await knex('said').insert({ kind: 'k?' })
    },
    read: async (knex) => [
      await knex('said').orderBy('g').select('a', 'kind', 'g'),
      (await knex.raw(comments)).rows,
      await knex('pg_indexes').where('indexname', 'said_a').whereLike('indexdef', '%never?%').pluck('indexname'),
    ],
    gives: [
      [
        { a: 'y?', kind: 'k?', g: 'y??' },
        { a: 'z', kind: 'k?', g: 'z?' },
      ],
      [{ c: 'why?', t: 'what?' }],
      ['said_a'],
    ],
  },
  {
    title: 'a question mark in a string or a comment beside bound values stays one',
    before: ['create table asked (a text, b text)'],
    work: async (knex) => {
      await knex('asked').insert({ a: 'one', b: 'yes?' })
      await knex.raw(`update asked /* why? */ set a = :v, b = 'huh?' where b = 'yes?'`, { v: 'two' })
      await knex('asked')
        .where('a', 'two')
        .update({ b: knex.raw(`'really?'`) })
    },
    read: (knex) => knex('asked'),
    gives: [{ a: 'two', b: 'really?' }],
  },
  {
    title: 'escaped operators work, and question marks in strings stay',
    before: ['create table found (yes boolean, literal text, escaped text)'],
    work: async (knex) => {
      await knex.raw(`insert into found select '{"a": 1}'::jsonb \\? 'a', 'b?', E'it\\'s?'`)
      await knex.raw(`insert into found (yes) select ?::jsonb \\? 'a'`, ['{"a": 1}'])
    },
    read: (knex) => knex('found').orderBy('literal'),
    gives: [
      { yes: true, literal: 'b?', escaped: "it's?" },
      { yes: true, literal: null, escaped: null },
    ],
  },
  {
    title: 'quotes in comments are escaped, however many stand together',
    work: async (knex) => {
      await knex.schema.createTable('said', (t: Table) => {
        t.comment("it's a table with ''' three")
        t.string('a').comment("it's ''' and '' two")
      })
      await knex.schema.alterTable('said', (t: Table) => t.comment("it's changed"))
    },
    read: async (knex) => (await knex.raw(comments)).rows,
    gives: [{ c: "it's ''' and ' two", t: "it's changed" }],
  },
  {
    title: 'the values of a check that is added to a table are not forgotten',
    before: ['create table said (a text)'],
    work: async (knex) => {
      await knex.schema.alterTable('said', (t: Table) => t.check('a in (?, ?)', ['x?', "it's"], 'said_check'))
      await knex('said').insert([{ a: 'x?' }, { a: "it's" }])
      const wrong = knex.raw(`do $$ begin
        begin insert into said values ('z'); exception when check_violation then return; end;
        raise 'the check is not there';
      end $$`)
      await wrong
    },
    read: (knex) => knex('said').orderBy('a').pluck('a'),
    gives: ["it's", 'x?'],
  },
  {
    title: 'a view that compares with a date has its moment in every session',
    work: async (knex) => {
      const moment = new Date(Date.UTC(2020, 5, 1, 12, 30))
      await knex.schema.createTable('moments', (t: Table) => t.timestamp('at'))
      await knex('moments').insert([{ at: moment }, { at: new Date(moment.getTime() + 1000) }])
      await knex.raw("set local time zone 'Asia/Kolkata'")
      await knex.schema.createView('later', (v: Table) => v.as(knex('moments').where('at', '>', moment)))
    },
    read: async (knex) => Number(((await knex('later').count('* as n'))[0] as { n: unknown }).n),
    gives: 1,
  },
]

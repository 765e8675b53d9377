import type { Operation } from '../history.ts'

/** What only this dialect can do, each building on the common ones before. */
export const mysqlOperations: readonly Operation[] = [
  {
    title: 'a trigger and a procedure with bodies',
    upgrade: async (knex) => {
      await knex.raw('create table audit (note varchar(200))')
      await knex.raw(`create trigger final_ai after insert on final for each row
        begin
          insert into audit values (concat('n;', new.n));
          insert into audit values ('$$');
        end;`)
      await knex.raw(
        'create procedure twice(in n int) begin declare m int default n; insert into final values (m * 2); end',
      )
      await knex.raw('call twice(?)', [21])
      await knex('final').insert({ n: 5 })
    },
    downgrade: (knex) =>
      Promise.all([knex.raw('drop trigger final_ai'), knex.raw('drop procedure twice'), knex.raw('drop table audit')]),
  },
  {
    title: 'columns of MySQL',
    upgrade: (knex) =>
      knex.schema.createTable('kinds', (table) => {
        table.charset('utf8mb4')
        table.collate('utf8mb4_bin')
        table.engine('InnoDB')
        table.increments('id')
        table.tinyint('t').unsigned()
        table.specificType('m', 'mediumtext')
        table.enu('e', ['x', 'y']).comment('one of two')
        table.json('doc')
        table.comment('kinds of columns')
      }),
    downgrade: (knex) => knex.schema.dropTable('kinds'),
  },
  {
    title: 'bytes, lists and zones',
    upgrade: async (knex) => {
      await knex('kinds').insert({
        t: 255,
        m: 'x\\y\u0000z\r\n',
        e: 'y',
        doc: JSON.stringify({ path: 'c:\\dir', emoji: '😀' }),
      })
      await knex.raw('update kinds set t = t - ? where id in (?) and e = ?', [-0, [1, 2, 3], 'y'])
      await knex.raw("update kinds set t = t -? where e = 'never'", [-3])
    },
    downgrade: (knex) => knex('kinds').del(),
  },
  {
    title: 'schema and rows in turns, with a savepoint between',
    upgrade: async (knex) => {
      await knex('final').insert({ n: 7 })
      await knex.transaction(async (trx) => {
        await trx('final').insert({ n: 8 })
        await trx.schema.createTable('between_rows', (table) => table.integer('n'))
        await trx('between_rows').insert({ n: 9 })
      })
      await knex('final').insert({ n: 10 })
    },
    downgrade: (knex) => knex.schema.dropTable('between_rows'),
  },
  {
    title: 'altered columns and keys',
    upgrade: async (knex) => {
      await knex.schema.alterTable('kinds', (table) => {
        table.string('m', 300).notNullable().defaultTo('a\\b').alter()
        table.integer('after_t').after('t')
        table.dropColumn('e')
      })
      await knex.schema.alterTable('jobs', (table) => table.dropForeign('parent_id'))
    },
    downgrade: () => {},
  },
  {
    title: 'a default with a backslash and a comment with a quote',
    upgrade: (knex) =>
      knex.raw(
        "create table slashes (a varchar(20) default 'c:\\\\x', b int comment 'it''s; # not -- a comment') # end",
      ),
    downgrade: (knex) => knex.schema.dropTable('slashes'),
  },
  {
    title: 'a full text index',
    upgrade: (knex) => knex.raw('alter table slashes add fulltext index slashes_a (a)'),
    downgrade: () => {},
  },
]

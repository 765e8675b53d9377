import type { Operation } from '../history.ts'

/** What the schema of MySQL and MariaDB has beyond tables and columns. */
export const mysqlSchemaOperations: readonly Operation[] = [
  {
    title: 'types that only MySQL has',
    upgrade: async (knex) => {
      await knex.schema.createTable('my_types', (table) => {
        table.bigIncrements('id')
        table.specificType('flag', 'tinyint(1)').notNullable().defaultTo(1)
        table.mediumint('medium').unsigned()
        table.specificType('vintage', 'year')
        table.specificType('bits', 'bit(8)')
        table.specificType('fixed', 'char(4) character set ascii')
        table.specificType('raw', 'varbinary(10)')
        table.specificType('small_raw', 'tinyblob')
        table.specificType('big_raw', 'longblob')
        table.specificType('chosen', "set('a','b;c','it''s')")
        table.specificType('clock', 'time(3)')
        table.datetime('moment', { precision: 6 })
        table.decimal('exact', 40, 20)
        table.specificType('huge', 'bigint unsigned')
        table.point('place')
        table.text('tiny', 'tinytext')
      })
      await knex('my_types').insert({
        vintage: 2001,
        bits: Buffer.from([0b1010_0101]),
        fixed: 'ab',
        raw: Buffer.from([0, 39, 92, 13, 26]),
        big_raw: new Uint8Array([255, 0]),
        chosen: "b;c,it's",
        clock: '-10:11:12.345',
        moment: '2020-05-06 07:08:09.123456',
        exact: '12345678901234567890.12345678901234567890',
        huge: 18446744073709551615n,
        place: knex.raw('point(?, ?)', [1.5, -2]),
      })
    },
    downgrade: (knex) => knex.schema.dropTable('my_types'),
  },
  {
    title: 'character sets and collations of tables and columns',
    upgrade: async (knex) => {
      await knex.schema.createTable('charsets', (table) => {
        table.charset('latin1')
        table.collate('latin1_german1_ci')
        table.string('own', 20).collate('utf8mb4_unicode_ci')
        table.string('plain', 20)
      })
      await knex('charsets').insert({ own: '😀 ünï', plain: 'äöü €' })
      await knex.raw('alter table charsets convert to character set utf8mb4 collate utf8mb4_general_ci')
      await knex('charsets').insert({ own: 'x', plain: '中' })
    },
    downgrade: (knex) => knex.schema.dropTable('charsets'),
  },
  {
    title: 'generated columns and moments that keep themselves',
    upgrade: async (knex) => {
      await knex.schema.createTable('generated', (table) => {
        table.increments('id')
        table.integer('a')
        table.specificType('doubled', 'int generated always as (`a` * 2) virtual')
        table.specificType('words', "varchar(30) as (concat('a;', `a`)) stored")
        table.timestamp('made').defaultTo(knex.raw('CURRENT_TIMESTAMP'))
        table.timestamp('changed').defaultTo(knex.raw('CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP'))
        table.datetime('precise', { precision: 3 }).defaultTo(knex.fn.now(3))
      })
      const moment = '2001-02-03 04:05:06'
      await knex('generated').insert({ a: 4, made: moment, changed: moment, precise: moment })
    },
    downgrade: (knex) => knex.schema.dropTable('generated'),
  },
  {
    title: 'numbers that begin elsewhere',
    upgrade: async (knex) => {
      await knex.raw('create table counted_from (id int auto_increment primary key, v int) auto_increment = 100')
      await knex('counted_from').insert({ v: 1 })
      await knex.raw('alter table counted_from auto_increment = 5000')
      await knex('counted_from').insert([{ v: 2 }, { v: 3 }])
    },
    downgrade: (knex) => knex.schema.dropTable('counted_from'),
  },
  {
    title: 'indexes of every kind',
    upgrade: async (knex) => {
      await knex.schema.createTable('indexed', (table) => {
        table.text('body')
        table.string('word', 100)
        table.specificType('place', 'point not null')
        table.index(['body'], 'indexed_body', 'FULLTEXT')
        table.index(['word'], 'indexed_word', { indexType: undefined, storageEngineIndexType: 'hash' } as never)
        table.unique(['word'], { indexName: 'indexed_one', storageEngineIndexType: 'btree' })
      })
      await knex.raw('create index indexed_start on indexed (body(10), word(5))')
      await knex.raw('alter table indexed add spatial index indexed_place (place), add key indexed_down (word desc)')
      await knex.raw('alter table indexed rename index indexed_down to indexed_renamed')
      await knex.schema.alterTable('indexed', (table) => table.dropIndex([], 'indexed_word'))
    },
    downgrade: (knex) => knex.schema.dropTable('indexed'),
  },
  {
    title: 'foreign keys on tables that are there, and without looking',
    upgrade: async (knex) => {
      await knex.schema.createTable('fk_parent', (table) => table.increments('id'))
      await knex.schema.createTable('fk_child', (table) => {
        table.integer('a').unsigned()
        table.integer('b').unsigned()
      })
      await knex.schema.alterTable('fk_child', (table) => {
        table.foreign('a').references('id').inTable('fk_parent').onDelete('SET NULL').onUpdate('CASCADE')
        table.foreign(['b'], 'fk_b').references(['id']).inTable('fk_parent').onDelete('RESTRICT')
      })
      await knex.raw('set foreign_key_checks = 0')
      await knex('fk_child').insert({ a: 77 })
      await knex('fk_parent').insert({ id: 77 })
      await knex.raw('set foreign_key_checks = 1')
      await knex.schema.alterTable('fk_child', (table) => table.dropForeign(['b'], 'fk_b'))
    },
    downgrade: (knex) => knex.schema.dropTable('fk_child').dropTable('fk_parent'),
  },
  {
    title: 'checks with names, one of them dropped',
    upgrade: async (knex) => {
      await knex.schema.createTable('my_checks', (table) => {
        table.integer('n')
        table.string('word', 20).checkLength('>', 2)
        table.string('code', 20).checkRegex('^[a-z]+$')
        table.check('?? > ?', ['n', 5], 'my_n')
      })
      await knex.schema.alterTable('my_checks', (table) => table.dropChecks(['my_n']))
    },
    downgrade: (knex) => knex.schema.dropTable('my_checks'),
  },
  {
    title: 'columns altered by Knex and by hand',
    upgrade: async (knex) => {
      await knex.schema.createTable('altering', (table) => {
        table.increments('id')
        table.string('a', 10).comment("it's kept?")
        table.string('b', 10)
        table.enu('c', ['x', 'y'])
      })
      await knex('altering').insert({ a: 'a', b: '5', c: 'x' })
      await knex.schema.alterTable('altering', (table) => {
        table.integer('b').notNullable().defaultTo(7).comment('now; a number').alter()
        table.string('first_of_all', 5).first()
        table.string('behind', 10).after('a').defaultTo("o'clock")
        table.enu('c', ['x', 'y', "it's"]).notNullable().defaultTo('y').alter()
      })
      await knex.raw("alter table altering change column a aa varchar(20) not null default 'x;y' comment 'changed'")
      await knex.raw('alter table altering modify b bigint null, alter column behind drop default')
      await knex.raw("alter table altering alter column behind set default 'z', drop column c")
    },
    downgrade: (knex) => knex.schema.dropTable('altering'),
  },
  {
    title: 'columns renamed with their keys and comments',
    upgrade: async (knex) => {
      await knex.schema.alterTable('fk_child', (table) => table.renameColumn('a', 'parent_id'))
      await knex.schema.alterTable('generated', (table) => table.renameColumn('changed', 'touched'))
      await knex.schema.alterTable('altering', (table) => table.renameColumn('aa', 'a`b'))
    },
    downgrade: (knex) => knex.schema.alterTable('fk_child', (table) => table.renameColumn('parent_id', 'a')),
  },
  {
    title: 'keys changed',
    upgrade: async (knex) => {
      await knex.schema.createTable('keys', (table) => {
        table.integer('a').notNullable()
        table.integer('b').notNullable()
        table.primary(['a'])
        table.unique(['b'])
      })
      await knex.schema.alterTable('keys', (table) => table.dropPrimary())
      await knex.schema.alterTable('keys', (table) => table.primary(['a', 'b']))
      await knex.schema.alterTable('keys', (table) => table.dropUnique(['b']))
    },
    downgrade: (knex) => knex.schema.dropTable('keys'),
  },
  {
    title: 'a table in parts',
    upgrade: async (knex) => {
      await knex.raw(`create table parts (at date not null, n int) partition by range columns (at) (
        partition p2020 values less than ('2021-01-01'), partition rest values less than (maxvalue))`)
      await knex('parts').insert([
        { at: '2020-05-01', n: 1 },
        { at: '2022-05-01', n: 2 },
      ])
      await knex.raw(
        `alter table parts reorganize partition rest into
          (partition p2022 values less than ('2023-01-01'), partition rest values less than (maxvalue))`,
      )
    },
    downgrade: (knex) => knex.schema.dropTable('parts'),
  },
  {
    title: 'views with manners',
    upgrade: async (knex) => {
      await knex.raw('create algorithm = merge sql security invoker view merged (x) as select n from final where n > 0')
      await knex.raw(
        "create or replace view merged as select n, 'it''s; ü' as t from final where n > 1 with check option",
      )
      await knex.raw('alter view merged as select n from final where n <> 2')
      await knex.schema.createView('checked_view', (view) => {
        view.as(knex('final').select('n').where('n', '<', 50))
        view.localCheckOption()
      })
      await knex.schema.renameView('checked_view', 'renamed_view')
    },
    downgrade: (knex) => knex.schema.dropView('renamed_view').dropView('merged'),
  },
  {
    title: 'tables renamed together, and one that is gone at the end',
    upgrade: async (knex) => {
      await knex.raw('create table swap_a (n int)')
      await knex.raw('create table swap_b (n int, m int)')
      await knex.raw('rename table swap_a to swap_c, swap_b to swap_a, swap_c to swap_b')
      await knex.raw('create temporary table passing (n int)')
      await knex('passing').insert([{ n: 1 }, { n: 2 }])
      await knex.raw('insert into swap_b select sum(n) from passing')
      await knex.raw('drop temporary table passing')
    },
    downgrade: (knex) => knex.raw('drop table swap_a, swap_b'),
  },
  {
    title: 'comments of three kinds in the text',
    upgrade: async (knex) => {
      await knex.raw(`/* first; */ create table spoken ( -- of a; table
        a int, # and; this
        b varchar(20) /* it's; */ default '-- no; comment' /*!50000 comment 'versioned; it''s' */
      )`)
      await knex.raw('insert into spoken (a) values (5--2), (5 - -2) -- the end')
      await knex.raw("insert into spoken values (1, '# none'), (2, '/* none */') # the end")
    },
    downgrade: (knex) => knex.schema.dropTable('spoken'),
  },
]

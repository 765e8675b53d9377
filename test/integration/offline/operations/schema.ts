import type { Operation } from '../history.ts'

/** Tables, columns, indexes and views as Knex's schema builder makes them everywhere. */
export const schemaOperations: readonly Operation[] = [
  {
    title: 'the builders of column types',
    upgrade: (knex) =>
      knex.schema.createTable('column_types', (table) => {
        table.bigIncrements('id')
        table.tinyint('tiny')
        table.smallint('small')
        table.mediumint('medium')
        table.bigint('big').unsigned()
        table.float('single', 8, 2)
        table.double('double_precision')
        table.decimal('amount', 12, 4).notNullable().defaultTo(0.5)
        table.text('medium_text', 'mediumtext')
        table.text('long_text', 'longtext')
        table.string('default_length')
        table.time('at_time')
        table.datetime('at_moment', { precision: 3 })
        table.jsonb('doc')
        table.binary('raw', 16)
        table.specificType('own', 'char(5)')
        table.timestamps(true, true)
      }),
    downgrade: (knex) => knex.schema.dropTable('column_types'),
  },
  {
    title: 'timestamps in camel case, and keys of text',
    upgrade: (knex) =>
      knex.schema.createTable('keyed', (table) => {
        table.string('slug', 60).primary()
        table.integer('position').notNullable().unique({ indexName: 'keyed_position' })
        table.timestamps({ useTimestamps: true, defaultToNow: false, useCamelCase: true })
      }),
    downgrade: (knex) => knex.schema.dropTable('keyed'),
  },
  {
    title: 'defaults of every kind',
    upgrade: (knex) =>
      knex.schema.createTable('defaults', (table) => {
        table.string('empty', 20).defaultTo('')
        table.string('quoted', 40).defaultTo('it\'s "so" `here`; -- no')
        table.string('asked', 20).defaultTo('what?')
        table.string('path', 20).defaultTo('a\\b')
        table.string('lines', 20).defaultTo('one\ntwo')
        table.string('wide', 20).defaultTo('ünï 😀')
        table.integer('negative').defaultTo(-1)
        table.decimal('half', 4, 2).defaultTo(0.5)
        table.boolean('no').defaultTo(false)
        table.integer('nothing').defaultTo(null)
        table.integer('computed').defaultTo(knex.raw('(1 + 2)'))
        table.timestamp('moment').defaultTo(knex.fn.now())
        table.date('day').defaultTo('2001-02-03')
      }),
    downgrade: (knex) => knex.schema.dropTable('defaults'),
  },
  {
    title: 'a row of nothing but defaults',
    upgrade: async (knex) => {
      await knex.schema.createTable('all_default', (table) => {
        table.increments('id')
        table.string('v', 10).defaultTo('x')
      })
      await knex('all_default').insert({})
      await knex('all_default').insert([{ v: 'y' }, { id: 7 }])
    },
    downgrade: (knex) => knex.schema.dropTable('all_default'),
  },
  {
    title: 'columns and an index added to a table with rows',
    upgrade: async (knex) => {
      await knex.schema.createTable('grown', (table) => table.integer('n').notNullable())
      await knex('grown').insert([{ n: 1 }, { n: 2 }])
      await knex.schema.alterTable('grown', (table) => {
        table.string('state', 20).notNullable().defaultTo('new')
        table.integer('score').nullable()
        table.boolean('seen').notNullable().defaultTo(false)
        table.index(['state', 'score'], 'grown_state_score')
      })
      await knex('grown').where({ n: 2 }).update({ state: 'old', score: 5, seen: true })
    },
    downgrade: (knex) => knex.schema.dropTable('grown'),
  },
  {
    title: 'a renamed column',
    upgrade: async (knex) => {
      await knex.schema.createTable('renamed', (table) => {
        table.increments('id')
        table.string('old_name', 30).notNullable().defaultTo('x').index('renamed_name')
      })
      await knex('renamed').insert({ old_name: 'kept' })
      await knex.schema.alterTable('renamed', (table) => table.renameColumn('old_name', 'new_name'))
      await knex('renamed').insert({ new_name: 'after' })
    },
    downgrade: (knex) => knex.schema.dropTable('renamed'),
  },
  {
    title: 'a table like another',
    upgrade: (knex) => knex.schema.createTableLike('grown_too', 'grown'),
    downgrade: (knex) => knex.schema.dropTable('grown_too'),
  },
  {
    title: 'a table made from rows',
    upgrade: (knex) => knex.raw('create table copied as select n, state from grown where n > ?', [1]),
    downgrade: (knex) => knex.schema.dropTable('copied'),
  },
  {
    title: 'things dropped that were never there',
    upgrade: (knex) =>
      knex.schema.dropTableIfExists('never_was').dropViewIfExists('never_seen').raw('drop table if exists never_too'),
    downgrade: (knex) => knex.schema.dropTableIfExists('never_was'),
  },
  {
    title: 'views on views, one of them replaced',
    upgrade: async (knex) => {
      await knex.schema.createView('inner_view', (view) => {
        view.columns(['n', 'state'])
        view.as(knex('grown').select('n', 'state').where('n', '>', 0))
      })
      await knex.schema.createViewOrReplace('inner_view', (view) => {
        view.columns(['n', 'state'])
        view.as(knex('grown').select('n', 'state').where({ state: "it's" }).orWhere('n', '<', 100))
      })
      await knex.schema.createView('outer_view', (view) =>
        view.as(knex('inner_view').count({ total: '*' }).select('state').groupBy('state')),
      )
    },
    downgrade: (knex) => knex.schema.dropView('outer_view').dropViewIfExists('inner_view'),
  },
  {
    title: 'names of other alphabets, and of quotes',
    upgrade: async (knex) => {
      await knex.schema.createTable('Täble 表', (table) => {
        table.integer('größe')
        table.string('a`b', 10)
        table.string("it's", 10)
        table.integer('a;b -- c')
        table.index(['größe'], 'ïndex')
      })
      await knex('Täble 表').insert({ größe: 1, 'a`b': 'x', "it's": 'y', 'a;b -- c': 2 })
      await knex.raw('update ?? set ?? = ? where ?? = ?', ['Täble 表', 'a`b', "q'q", "it's", 'y'])
    },
    downgrade: (knex) => knex.schema.dropTable('Täble 表'),
  },
  {
    title: 'a table by the name of the client',
    upgrade: async (knex, { dialect }) => {
      const { client } = knex.client.config
      await knex.schema.createTable('client_names', (table) => {
        table.string('client', 20).defaultTo(client)
        table.string('dialect', 20).defaultTo(dialect)
      })
      await knex.transaction((trx) => trx('client_names').insert({ client: trx.client.config.client }))
    },
    downgrade: (knex) => knex.schema.dropTable('client_names'),
  },
  {
    title: 'a chain of one builder',
    upgrade: (knex) =>
      knex.schema
        .createTable('chain_a', (table) => table.integer('id').primary())
        .createTable('chain_b', (table) => {
          table.increments('id')
          table.integer('a_id').references('id').inTable('chain_a').onDelete('SET NULL').onUpdate('CASCADE')
        })
        .raw('insert into chain_a values (1), (2)')
        .alterTable('chain_b', (table) => table.string('note', 10))
        .raw("insert into chain_b (a_id, note) values (2, 'x;y')")
        .renameTable('chain_b', 'chain_c'),
    downgrade: (knex) => knex.schema.dropTable('chain_c').dropTable('chain_a'),
  },
  {
    title: 'several tables at once',
    upgrade: (knex) =>
      Promise.all(
        ['left', 'middle', 'right'].map((side) =>
          knex.schema.createTable(`side_${side}`, (table) => {
            table.integer('n').defaultTo(side.length)
          }),
        ),
      ),
    downgrade: async (knex) => {
      for (const side of ['right', 'middle', 'left']) await knex.schema.dropTable(`side_${side}`)
    },
  },
  {
    title: 'an index dropped and a unique one put in its place',
    upgrade: async (knex) => {
      await knex.schema.alterTable('renamed', (table) => table.dropIndex([], 'renamed_name'))
      await knex.schema.alterTable('renamed', (table) => table.unique(['new_name', 'id']))
    },
    downgrade: async (knex) => {
      await knex.schema.alterTable('renamed', (table) => table.dropUnique(['new_name', 'id']))
      await knex.schema.alterTable('renamed', (table) => table.index(['new_name'], 'renamed_name'))
    },
  },
  {
    title: 'checks with names and of every kind',
    upgrade: (knex) =>
      knex.schema.createTable('many_checks', (table) => {
        table.integer('plus').checkPositive()
        table.integer('minus').checkNegative()
        table.string('word', 20).checkIn(["it's", 'b?', 'c;d'])
        table.string('other', 20).checkNotIn(['x', 'y'])
        table.integer('range').checkBetween([1, 10])
        table.integer('ranges').checkBetween([
          [1, 3],
          [7, 9],
        ])
        table.check('?? <> ?', ['other', 'never'], 'many_other')
      }),
    downgrade: (knex) => knex.schema.dropTable('many_checks'),
  },
  {
    title: 'comments of a table and of columns',
    upgrade: (knex) =>
      knex.schema.createTable('commented', (table) => {
        table.integer('n').comment('why? because; -- "so"')
        table.integer('m').comment("it's a column")
        table.comment('a table; it\'s one -- "really" ?')
      }),
    downgrade: (knex) => knex.schema.dropTable('commented'),
  },
]

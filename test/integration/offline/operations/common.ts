import type { Operation } from '../history.ts'

const bytes = Buffer.from([0, 1, 39, 92, 255])

/** What every dialect can do, each building on the ones before. */
export const commonOperations: readonly Operation[] = [
  {
    title: 'a table of many types',
    upgrade: (knex) =>
      knex.schema.createTable('users', (table) => {
        table.increments('id')
        table.string('email', 190).notNullable().unique()
        table.string('name').defaultTo("it's")
        table.text('bio')
        table.integer('age').defaultTo(0)
        table.bigInteger('big')
        table.boolean('active').notNullable().defaultTo(true)
        table.decimal('price', 10, 2)
        table.double('ratio')
        table.date('born')
        table.dateTime('seen')
        table.timestamp('created_at', { useTz: true }).nullable()
        table.binary('avatar')
        table.json('meta')
        table.uuid('token')
      }),
    downgrade: (knex) => knex.schema.dropTable('users'),
  },
  {
    title: 'a self reference and an index',
    upgrade: (knex) =>
      knex.schema.createTable('jobs', (table) => {
        table.increments('id')
        table.integer('user_id').unsigned().notNullable().references('users.id').onDelete('CASCADE')
        table.integer('parent_id').unsigned().nullable().references('id').inTable('jobs')
        table.string('title', 80).notNullable().index()
        table.enu('state', ['new', 'running', 'done']).notNullable().defaultTo('new')
        table.index(['user_id', 'state'], 'jobs_user_state')
      }),
    downgrade: (knex) => knex.schema.dropTable('jobs'),
  },
  {
    title: 'one row with every kind of value',
    upgrade: (knex) =>
      knex('users').insert({
        email: 'a@example.org',
        name: 'O\'Hara \\ "quoted" `ticks` -- ; /* */ $$ $1 ? ?? :name',
        bio: 'line one\nline two\ttabbed 😀 ünïcode 中文',
        age: -5,
        big: 9007199254740991,
        active: false,
        price: 12.5,
        ratio: 0.1,
        born: '2001-02-03',
        seen: new Date(Date.UTC(2020, 1, 29, 12, 34, 56, 789)),
        created_at: new Date(Date.UTC(1999, 11, 31, 23, 59, 59)),
        avatar: bytes,
        meta: JSON.stringify({ a: "it's", b: ['\\', '\n', null] }),
        token: '123e4567-e89b-12d3-a456-426614174000',
      }),
    downgrade: (knex) => knex('users').where({ email: 'a@example.org' }).del(),
  },
  {
    title: 'control characters, which clients like to change',
    upgrade: (knex) => knex('users').insert({ email: 'control@example.org', bio: 'a\r\nb\rc\x1ad\x07\x7f' }),
    downgrade: (knex) => knex('users').where('email', 'control@example.org').delete(),
  },
  {
    title: 'nulls and defaults',
    upgrade: (knex) =>
      knex('users').insert([
        { email: 'b@example.org', name: null, age: null, active: false },
        { email: 'c@example.org', name: 'c', active: true },
      ]),
    downgrade: (knex) => knex('users').whereIn('email', ['b@example.org', 'c@example.org']).del(),
  },
  {
    title: 'a batch in chunks',
    upgrade: (knex) =>
      knex.batchInsert(
        'users',
        Array.from({ length: 25 }, (_, index) => ({ email: `batch${index}@example.org`, age: index })),
        10,
      ),
    downgrade: (knex) => knex('users').where('email', 'like', 'batch%').del(),
  },
  {
    title: 'an upsert',
    upgrade: (knex) =>
      knex('users').insert({ email: 'b@example.org', name: 'merged' }).onConflict('email').merge({ name: 'merged' }),
    downgrade: (knex) => knex('users').where({ email: 'b@example.org' }).update({ name: null }),
  },
  {
    title: 'an upsert that gives way',
    upgrade: (knex) => knex('users').insert({ email: 'b@example.org', name: 'ignored' }).onConflict('email').ignore(),
    downgrade: () => {},
  },
  {
    title: 'updates with expressions',
    upgrade: async (knex) => {
      await knex('users')
        .where('age', '>', 20)
        .orWhereNull('age')
        .update({ age: knex.raw('coalesce(age, ?) + ?', [7, 1]) })
      await knex('users').where({ email: 'c@example.org' }).increment('age', 10)
    },
    downgrade: () => {},
  },
  {
    title: 'rows from rows',
    upgrade: async (knex) => {
      const chosen = knex('users').select('id', knex.raw("'welcome back'")).where({ active: true })
      if (knex.client.dialect !== 'sqlite3') {
        await knex.into(knex.raw('?? (??, ??)', ['jobs', 'user_id', 'title'])).insert(chosen.orderBy('id').limit(3))
      }
      await knex.raw('insert into jobs (user_id, title) select id, ? from users where age < ? order by id', ['hi', 5])
    },
    downgrade: (knex) => knex('jobs').del(),
  },
  {
    title: 'raw with bindings by name and identifiers',
    upgrade: (knex) =>
      knex.raw('update :table: set :column: = :value where email = :email', {
        table: 'users',
        column: 'name',
        value: "by 'name'",
        email: 'c@example.org',
      }),
    downgrade: () => {},
  },
  {
    title: 'a savepoint that is kept and one that is not',
    upgrade: async (knex) => {
      await knex.transaction(async (trx) => {
        await trx('users').insert({ email: 'kept@example.org' })
        await trx
          .transaction(async (inner) => {
            await inner('users').insert({ email: 'lost@example.org' })
            throw new Error('not wanted')
          })
          .catch(() => {})
      })
    },
    downgrade: (knex) => knex('users').where({ email: 'kept@example.org' }).del(),
  },
  {
    title: 'several at once',
    upgrade: (knex) =>
      Promise.all([
        knex('users').insert({ email: 'p1@example.org' }),
        knex('users').insert({ email: 'p2@example.org' }),
        knex('jobs').update({ state: 'running' }),
      ]),
    downgrade: (knex) => knex('users').where('email', 'like', 'p_@example.org').del(),
  },
  {
    title: 'one after the other by then',
    upgrade: (knex) =>
      knex('users')
        .insert({ email: 'then@example.org' })
        .then(() => knex('users').where({ email: 'then@example.org' }).update({ age: 44 }))
        .then(() => knex.schema.alterTable('users', (table) => table.string('nick'))),
    downgrade: (knex) => knex('users').where({ email: 'then@example.org' }).del(),
  },
  {
    title: 'a unique index over two columns, dropped and made again',
    upgrade: async (knex) => {
      await knex.schema.alterTable('jobs', (table) =>
        table.unique(['user_id', 'title', 'id'], { indexName: 'jobs_all' }),
      )
      await knex.schema.alterTable('jobs', (table) => table.dropUnique(['user_id', 'title', 'id'], 'jobs_all'))
      await knex.schema.alterTable('jobs', (table) => table.unique(['title', 'id'], { indexName: 'jobs_two' }))
    },
    downgrade: (knex) => knex.schema.alterTable('jobs', (table) => table.dropUnique(['title', 'id'], 'jobs_two')),
  },
  {
    title: 'a view',
    upgrade: (knex) =>
      knex.schema.createView('active_users', (view) => {
        view.columns(['id', 'email'])
        view.as(knex('users').select('id', 'email').where({ active: true }))
      }),
    downgrade: (knex) => knex.schema.dropView('active_users'),
  },
  {
    title: 'a renamed table',
    upgrade: async (knex) => {
      await knex.schema.createTable('draft', (table) => table.integer('n'))
      await knex('draft').insert([{ n: 1 }, { n: 2 }])
      await knex.schema.renameTable('draft', 'final')
    },
    downgrade: (knex) => knex.schema.dropTable('final'),
  },
  {
    title: 'a table emptied',
    upgrade: async (knex) => {
      await knex.schema.createTable('counted', (table) => {
        table.increments('id')
        table.string('v')
      })
      await knex('counted').insert([{ v: 'a' }, { v: 'b' }])
      await knex('counted').truncate()
      await knex('counted').insert({ v: 'first' })
    },
    downgrade: (knex) => knex.schema.dropTable('counted'),
  },
  {
    title: 'checks',
    upgrade: (knex) =>
      knex.schema.createTable('checked', (table) => {
        table.integer('n').checkPositive()
        table.string('kind').checkIn(['one', 'two'])
        table.integer('lo')
        table.integer('hi')
        table.check('?? < ??', ['lo', 'hi'])
      }),
    downgrade: (knex) => knex.schema.dropTable('checked'),
  },
  {
    title: 'names that need quotes',
    upgrade: async (knex) => {
      await knex.schema.createTable('order', (table) => {
        table.integer('select')
        table.string('with space')
        table.string('Mixed"Quote')
      })
      await knex('order').insert({ select: 1, 'with space': 'x', 'Mixed"Quote': 'y' })
    },
    downgrade: (knex) => knex.schema.dropTable('order'),
  },
  {
    title: 'a composite key and a foreign key with a name',
    upgrade: (knex) =>
      knex.schema
        .createTable('countries', (table) => {
          table.string('code', 2).notNullable()
          table.integer('year').notNullable()
          table.primary(['code', 'year'])
        })
        .createTable('visits', (table) => {
          table.string('code', 2)
          table.integer('year')
          table
            .foreign(['code', 'year'], 'visits_country')
            .references(['code', 'year'])
            .inTable('countries')
            .onUpdate('CASCADE')
        }),
    downgrade: (knex) => knex.schema.dropTable('visits').dropTable('countries'),
  },
  {
    title: 'results that nobody looks at',
    upgrade: async (knex) => {
      const ids = await knex('users').insert({ email: 'unused@example.org' }, ['id'])
      const all = await Promise.all([ids, knex.raw('select 1 as one')])
      return all.length
    },
    downgrade: (knex) => knex('users').where({ email: 'unused@example.org' }).del(),
  },
  {
    title: 'nothing at all',
    upgrade: () => {},
    downgrade: () => {},
  },
  {
    title: "a message: '; DROP TABLE users; -- \n DROP TABLE users; */ \\! touch /tmp/x \u2028 .shell true",
    transaction: false,
    upgrade: async (knex) => {
      await knex('users').insert({ email: 'loose@example.org' })
      await knex.transaction(async (trx) => {
        await trx('users').where({ email: 'loose@example.org' }).update({ age: 1 })
      })
    },
    downgrade: (knex) => knex('users').where({ email: 'loose@example.org' }).del(),
  },
]

import type { Chapter } from './chapters.ts'

/** A project that runs on any database, and asks which one where it has to. */
export const portableChapter: Chapter = (thing) => [
  {
    message: `create ${thing}s; unless somebody's script did`,
    upgrade: `
      if (await knex.schema.hasTable('${thing}s')) return
      await knex.schema.createTable('${thing}s', (table) => {
        table.increments('id')
        table.string('name', 100).notNullable()
        table.enu('state', ['new', "it's done"]).notNullable().defaultTo('new')
        table.decimal('amount', 10, 2).defaultTo(0)
        table.string('short_lived', 20)
        table.integer('old_position')
      })`,
    downgrade: `await knex.schema.dropTableIfExists('${thing}s')`,
  },
  {
    message: `the first ${thing}s`,
    upgrade: `
      await knex('${thing}s').insert([{ name: "${thing} one's" }, { name: 'back\\\\slash', amount: 12.5 }])
      await knex.batchInsert('${thing}s', Array.from({ length: 20 }, (_, n) => ({ name: 'row ' + n, old_position: n })), 7)`,
    downgrade: `await knex('${thing}s').del()`,
  },
  {
    message: `notes on ${thing}s`,
    upgrade: `
      await knex.schema.createTable('${thing}_notes', (table) => {
        table.increments('id')
        table.integer('${thing}_id').unsigned().notNullable().references('${thing}s.id').onDelete('CASCADE')
        table.text('body')
        table.index(['${thing}_id'], '${thing}_notes_${thing}')
      })
      await knex.raw("insert into ${thing}_notes (${thing}_id, body) select id, ? from ${thing}s where amount > ?", ['why?', 1])`,
    downgrade: `await knex.schema.dropTable('${thing}_notes')`,
  },
  {
    message: `a slug for ${thing}s, filled by the database`,
    upgrade: `
      if (!(await knex.schema.hasColumn('${thing}s', 'slug'))) {
        await knex.schema.alterTable('${thing}s', (table) => table.string('slug', 120))
      }
      const glued = context.dialect === 'mysql' ? "concat('${thing}-', id)" : "'${thing}-' || id"
      await knex('${thing}s').update({ slug: knex.raw(glued) })
      await knex.schema.alterTable('${thing}s', (table) => table.unique(['slug']))`,
    downgrade: `
      await knex.schema.alterTable('${thing}s', (table) => table.dropUnique(['slug']))
      await knex.schema.alterTable('${thing}s', (table) => table.dropColumn('slug'))`,
  },
  {
    message: `positions of ${thing}s get their name`,
    upgrade: `await knex.schema.alterTable('${thing}s', (table) => table.renameColumn('old_position', 'position'))`,
    downgrade: `await knex.schema.alterTable('${thing}s', (table) => table.renameColumn('position', 'old_position'))`,
  },
  {
    message: `a trigger on ${thing}s, in each database's own words`,
    upgrade: `
      await knex.schema.alterTable('${thing}s', (table) => table.integer('changes').notNullable().defaultTo(0))
      const client = knex.client.config.client
      if (client === 'pg') {
        await knex.raw(\`
          create function ${thing}_count() returns trigger language plpgsql as $$
          begin new.changes := old.changes + 1; return new; end $$;
          create trigger ${thing}_counts before update on ${thing}s for each row execute function ${thing}_count();\`)
      } else if (client === 'mysql2') {
        await knex.raw(\`create trigger ${thing}_counts before update on ${thing}s for each row
          begin if new.name <> ';' then set new.changes = old.changes + 1; end if; end\`)
      } else {
        await knex.raw(\`create trigger ${thing}_counts after update of name on ${thing}s
          begin update ${thing}s set changes = old.changes + 1 where id = new.id; end\`)
      }
      await knex('${thing}s').where({ id: 1 }).update({ name: 'changed' })`,
    downgrade: `
      if (knex.client.config.client === 'pg') await knex.raw('drop trigger ${thing}_counts on ${thing}s; drop function ${thing}_count()')
      else await knex.raw('drop trigger ${thing}_counts')
      await knex.schema.alterTable('${thing}s', (table) => table.dropColumn('changes'))`,
  },
  {
    message: `an index on ${thing}s that nobody waits for`,
    transaction: false,
    upgrade: `
      const how = context.dialect === 'postgresql' ? 'concurrently ' : ''
      await knex.raw('create index ' + how + '${thing}s_name on ${thing}s (name)')`,
    downgrade: `await knex.schema.alterTable('${thing}s', (table) => table.dropIndex([], '${thing}s_name'))`,
  },
  {
    message: `drop what ${thing}s lived without`,
    upgrade: `await knex.schema.alterTable('${thing}s', (table) => table.dropColumn('short_lived'))`,
    downgrade: `await knex.schema.alterTable('${thing}s', (table) => table.string('short_lived', 20))`,
  },
  {
    message: `look at ${thing}s through a view`,
    upgrade: `
      await knex.schema.createView('${thing}_view', (view) => {
        view.columns(['id', 'note'])
        view.as(knex('${thing}s').leftJoin('${thing}_notes', '${thing}_notes.${thing}_id', '${thing}s.id')
          .select('${thing}s.id', '${thing}_notes.body'))
      })
      await knex('${thing}s').insert({ name: 'seen' }).onConflict('slug').ignore()`,
    downgrade: `
      await knex.schema.dropView('${thing}_view')
      await knex('${thing}s').where({ name: 'seen' }).del()`,
  },
]

import type { Chapter } from './chapters.ts'

/** A project that knows it is on SQLite, where Knex changes tables by copying them. */
export const sqliteChapter: Chapter = (thing) => [
  {
    message: `the table of ${thing}`,
    upgrade: `
      await knex.schema.createTable('${thing}', (table) => {
        table.increments('id')
        table.string('name', 80).notNullable().defaultTo("it's; here")
        table.enu('level', ['low', 'high']).notNullable().defaultTo('low')
        table.json('doc')
        table.integer('unused')
        table.datetime('seen_at')
      })
      await knex('${thing}').insert([
        { name: 'back\\\\slash', level: 'low', doc: JSON.stringify({ "it's": '\\\\n' }), seen_at: '2020-02-02' },
        { name: '😀', level: 'high', seen_at: new Date(1e12) },
      ])`,
    downgrade: `await knex.schema.dropTable('${thing}')`,
  },
  {
    message: `children of ${thing}`,
    upgrade: `
      await knex.raw(\`create table ${thing}_child (
        id integer primary key autoincrement,
        ${thing}_id int not null references ${thing} (id) on delete cascade,
        n int check (n > 0), label text generated always as ('n; ' || n) virtual)\`)
      await knex.raw('insert into ${thing}_child (${thing}_id, n) select id, ? from ${thing}', [7])`,
    downgrade: `await knex.schema.dropTable('${thing}_child')`,
  },
  {
    message: `a journal of ${thing}, kept by a trigger`,
    upgrade: `
      await knex.raw('create table ${thing}_journal (what text)')
      await knex.raw(\`create trigger ${thing}_note after update on ${thing} when new.name <> old.name begin
        insert into ${thing}_journal values (case when old.name is null then ';' else 'it''s; ' || old.name end); -- noted;
      end\`)
      await knex('${thing}').where({ level: 'high' }).update({ name: 'changed' })`,
    downgrade: `
      await knex.raw('drop trigger ${thing}_note')
      await knex.schema.dropTable('${thing}_journal')`,
  },
  {
    message: `a view of ${thing}`,
    upgrade: `await knex.raw("create view ${thing}_view as select p.id, p.name, c.label from ${thing} p join ${thing}_child c on c.${thing}_id = p.id")`,
    downgrade: `await knex.schema.dropView('${thing}_view')`,
  },
  {
    message: `a column of ${thing} dropped, with children, trigger and view on the table`,
    upgrade: `await knex.schema.alterTable('${thing}', (table) => table.dropColumn('unused'))`,
    downgrade: `await knex.schema.alterTable('${thing}', (table) => table.integer('unused'))`,
  },
  {
    message: `a column of ${thing} altered`,
    upgrade: `
      await knex.schema.alterTable('${thing}', (table) => {
        table.string('level', 20).notNullable().defaultTo('high').alter()
        table.string('slug', 90)
      })
      await knex('${thing}').update({ slug: knex.raw("'${thing}-' || id") })`,
    downgrade: `await knex.schema.alterTable('${thing}', (table) => table.dropColumn('slug'))`,
  },
  {
    message: `an index on ${thing} where it is missing`,
    upgrade: `
      const indexes = await knex('sqlite_master').where({ type: 'index', tbl_name: '${thing}' }).pluck('name')
      if (!indexes.includes('${thing}_slug')) await knex.raw('create unique index ${thing}_slug on ${thing} (slug) where slug is not null')`,
    downgrade: `await knex.raw('drop index ${thing}_slug')`,
  },
  {
    message: `null allowed and names changed in ${thing}`,
    upgrade: `
      await knex.schema.alterTable('${thing}', (table) => table.setNullable('name'))
      await knex.schema.alterTable('${thing}', (table) => table.renameColumn('seen_at', 'last_seen'))
      await knex('${thing}_child').where({ ${thing}_id: 1 }).del()
      await knex('${thing}').where({ id: 1 }).del()`,
    downgrade: `
      await knex.schema.alterTable('${thing}', (table) => table.renameColumn('last_seen', 'seen_at'))
      await knex.schema.alterTable('${thing}', (table) => table.dropNullable('name'))`,
  },
  {
    message: `rows of ${thing} that are gone with their parents`,
    transaction: false,
    upgrade: `
      await knex('${thing}').insert({ name: 'short', slug: 'short' })
      await knex.raw("insert into ${thing}_child (${thing}_id, n) select id, 9 from ${thing} where slug = 'short'")
      await knex('${thing}').where({ slug: 'short' }).del()`,
    downgrade: `await knex.raw('vacuum')`,
  },
]

import type { Chapter } from './chapters.ts'

/** A project that knows it is on MySQL or MariaDB. */
export const mysqlChapter: Chapter = (thing) => [
  {
    message: `the table of ${thing}`,
    upgrade: `
      await knex.schema.createTable('${thing}', (table) => {
        table.engine('InnoDB')
        table.charset('utf8mb4')
        table.bigIncrements('id')
        table.string('name', 80).notNullable().defaultTo("it's")
        table.enu('level', ['low', 'high']).notNullable().defaultTo('low')
        table.json('doc')
        table.datetime('seen_at', { precision: 3 })
        table.comment('the table; of ${thing}')
      })
      await knex('${thing}').insert([
        { name: 'back\\\\slash', doc: JSON.stringify({ "it's": '\\\\n' }), seen_at: new Date(Date.UTC(2020, 1, 2)) },
        { name: '😀', level: 'high' },
      ])`,
    downgrade: `await knex.schema.dropTable('${thing}')`,
  },
  {
    message: `children of ${thing}`,
    upgrade: `
      await knex.schema.createTable('${thing}_child', (table) => {
        table.increments('id')
        table.bigInteger('${thing}_id').unsigned().references('${thing}.id').onDelete('CASCADE')
        table.integer('n').comment('a number; counted')
      })
      await knex.raw('insert into ${thing}_child (${thing}_id, n) select id, ? from ${thing}', [7])`,
    downgrade: `await knex.schema.dropTable('${thing}_child')`,
  },
  {
    message: `a journal of ${thing}`,
    upgrade: `
      await knex.raw('create table ${thing}_journal (id int auto_increment primary key, what varchar(200))')
      await knex.raw(\`create trigger ${thing}_note after update on ${thing} for each row
        begin
          -- what happened; to which row
          if new.name <> old.name then
            insert into ${thing}_journal (what) values (concat('it''s; ', old.name));
          end if;
        end\`)
      await knex('${thing}').where({ level: 'high' }).update({ name: 'changed' })`,
    downgrade: `
      await knex.raw('drop trigger ${thing}_note')
      await knex.schema.dropTable('${thing}_journal')`,
  },
  {
    message: `a name gets shorter, and null is allowed`,
    upgrade: `
      await knex.schema.alterTable('${thing}_child', (table) => table.renameColumn('n', 'count_of'))
      await knex.schema.alterTable('${thing}', (table) => table.setNullable('name'))`,
    downgrade: `
      await knex.schema.alterTable('${thing}', (table) => table.dropNullable('name'))
      await knex.schema.alterTable('${thing}_child', (table) => table.renameColumn('count_of', 'n'))`,
  },
  {
    message: `an index where it is missing`,
    upgrade: `
      const [rows] = await knex.raw('show index from ${thing}')
      if (rows.some((row) => row.Key_name === '${thing}_level')) return
      await knex.schema.alterTable('${thing}', (table) => table.index(['level', 'name'], '${thing}_level'))`,
    downgrade: `await knex.schema.alterTable('${thing}', (table) => table.dropIndex([], '${thing}_level'))`,
  },
  {
    message: `a procedure and a function for ${thing}`,
    upgrade: `
      await knex.raw(\`create function ${thing}_words(t varchar(80)) returns varchar(90) deterministic
        return concat(t, '; ', length(t))\`)
      await knex.raw(\`create procedure ${thing}_fill(in up_to int)
        begin
          declare i int default 0;
          while i < up_to do
            insert into ${thing} (name) values (concat('filled; ', i));
            set i = i + 1;
          end while;
        end\`)
      await knex.raw('call ${thing}_fill(?)', [3])
      await knex('${thing}').whereNull('doc').update({ name: knex.raw('left(${thing}_words(name), 80)') })`,
    downgrade: `
      await knex.raw('drop procedure ${thing}_fill')
      await knex.raw('drop function ${thing}_words')`,
  },
  {
    message: `columns come and go in ${thing}`,
    transaction: false,
    upgrade: `
      await knex.schema.alterTable('${thing}', (table) => {
        table.string('slug', 90).after('name')
        table.dropColumn('seen_at')
      })
      await knex('${thing}').update({ slug: knex.raw("lower(replace(name, ?, '-'))", [' ']) })
      await knex.raw("alter table ${thing} modify level enum('low', 'middle', 'high') not null default 'middle'")`,
    downgrade: `
      await knex.raw("alter table ${thing} modify level enum('low', 'high') not null default 'low'")
      await knex.schema.alterTable('${thing}', (table) => {
        table.dropColumn('slug')
        table.datetime('seen_at', { precision: 3 })
      })`,
  },
  {
    message: `everything about ${thing} in one view`,
    upgrade: `
      await knex.raw("create or replace sql security invoker view ${thing}_view as select p.id, p.name, c.count_of from ${thing} p join ${thing}_child c on c.${thing}_id = p.id")
      await knex.raw('create table ${thing}_copy as select id, name from ${thing}')`,
    downgrade: `await knex.schema.dropTable('${thing}_copy').dropView('${thing}_view')`,
  },
  {
    message: `what is left of ${thing}`,
    upgrade: `
      await knex('${thing}_child').where('count_of', 7).orderBy('id').limit(1).del()
      await knex.raw('replace into ${thing}_copy values (?, ?)', [99, null])
      await knex.raw('rename table ${thing}_copy to ${thing}_old')`,
    downgrade: `await knex.schema.renameTable('${thing}_old', '${thing}_copy')`,
  },
]

import type { Operation } from '../history.ts'

/** Bodies of code on MySQL and MariaDB: the database's own client ends statements at every semicolon. */
export const mysqlCodeOperations: readonly Operation[] = [
  {
    title: 'a table that triggers watch',
    upgrade: (knex) =>
      knex.schema.createTable('watched', (table) => {
        table.increments('id')
        table.integer('n')
        table.string('log', 500).notNullable().defaultTo('')
      }),
    downgrade: (knex) => knex.schema.dropTable('watched'),
  },
  {
    title: 'triggers of one statement, and of many',
    upgrade: async (knex) => {
      await knex.raw(
        "create trigger watched_bi before insert on watched for each row set new.log = concat('new;', new.n)",
      )
      await knex.raw(`create trigger watched_bu before update on watched for each row
        begin
          declare note varchar(50) default 'it''s; "here"'; -- a comment; with a semicolon
          if new.n > old.n then
            set new.log = concat(old.log, '+', note);
          elseif new.n < old.n then begin set new.log = '-'; end;
          else set new.log = case when old.n is null then 'null;' else concat(old.log, '=') end;
          end if;
        end`)
      await knex('watched').insert([{ n: 1 }, { n: 5 }])
      await knex('watched').where({ n: 1 }).update({ n: 2 })
      await knex('watched').where({ n: 5 }).update({ n: 5 })
    },
    downgrade: async (knex) => {
      await knex.raw('drop trigger watched_bu')
      await knex.raw('drop trigger watched_bi')
    },
  },
  {
    title: 'procedures with loops, labels, cursors and handlers',
    upgrade: async (knex) => {
      await knex.raw(`create procedure work_through(in up_to int, inout total int)
        modifies sql data comment 'it''s; a procedure'
        outer_block: begin
          declare i, v int default 0;
          declare is_over boolean default false;
          declare rows_of cursor for select n from watched order by id;
          declare continue handler for not found set is_over = true;
          declare exit handler for 1062 begin set total = -1; end;
          counting: loop
            set i = i + 1;
            if i > up_to then leave counting; end if;
            if mod(i, 2) = 0 then iterate counting; end if;
            set total = total + i;
          end loop counting;
          open rows_of;
          reading: repeat
            fetch rows_of into v;
            if not is_over then set total = total + v; end if;
          until is_over end repeat;
          close rows_of;
          while i > 0 do set i = i - 1; end while;
          case total when 0 then leave outer_block; else insert into watched (n) values (total); end case;
        end`)
      await knex.raw('set @total = ?', [0])
      await knex.raw('call work_through(?, @total)', [5])
      await knex.raw('insert into watched (n) values (@total * 100)')
    },
    downgrade: (knex) => knex.raw('drop procedure work_through'),
  },
  {
    title: 'functions of one line and of many, used in rows',
    upgrade: async (knex) => {
      await knex.raw('create function doubled(n int) returns int deterministic return n * 2')
      await knex.raw(`create function shout(t varchar(50)) returns varchar(60) charset utf8mb4 deterministic no sql
        begin
          if t is null then return ';'; end if;
          return concat(upper(t), '!;');
        end`)
      await knex('watched')
        .where('id', 1)
        .update({ log: knex.raw('shout(??)', ['log']), n: knex.raw('doubled(n)') })
    },
    downgrade: async (knex) => {
      await knex.raw('drop function shout')
      await knex.raw('drop function doubled')
    },
  },
  {
    title: 'an event with a body',
    upgrade: (knex) =>
      knex.raw(`create event tidy on schedule every 1 day starts '2030-01-01 00:00:00' on completion preserve disable
        comment 'tidy; up' do begin delete from watched where n < 0; update watched set n = n; end`),
    downgrade: (knex) => knex.raw('drop event tidy'),
  },
  {
    title: 'words that the client of the terminal knows',
    upgrade: async (knex) => {
      await knex('watched').insert([
        { n: 1, log: '\\g \\G \\c \\! ls' },
        { n: 2, log: 'x\nsource y\ndelimiter //\n\\q\nquit\n' },
        { n: 3, log: 'DELIMITER $$\n;;' },
      ])
      await knex.raw("update watched set log = '\nquit\nsource x\n' where n = 1 and log like 'a\\\\%b\\_c'")
    },
    downgrade: () => {},
  },
]

import type { Operation } from '../history.ts'

/** Functions, triggers and statements that hold code, on PostgreSQL. */
export const postgresqlCodeOperations: readonly Operation[] = [
  {
    title: 'functions in every kind of quotes',
    upgrade: async (knex) => {
      await knex.raw(`create or replace function quoted_one() returns text language sql immutable
        as 'select ''it''''s; one'' || ''$$'''`)
      await knex.raw(`create function quoted_two(a text default ';') returns text as $$
        declare answer text := 'x';
        begin
          -- a comment; with "quotes' in it
          execute format($q$ select %L || $i$ inner; $i$ $q$, a) into answer;
          if answer like '%\\?%' then raise exception 'no %', answer using errcode = 'P0001'; end if;
          return answer || E'\\n\\t' || a::text;
        exception when others then return null;
        end $$ language plpgsql;
        create function quoted_two(a int, b int) returns int language sql as $_$ select $1 + $2 $_$;
        comment on function quoted_two(int, int) is $c$it's ; a 'comment'$c$;`)
    },
    downgrade: (knex) =>
      knex.raw('drop function quoted_one(); drop function quoted_two(text); drop function quoted_two(int, int)'),
  },
  {
    title: 'a procedure that is called, and a block',
    upgrade: async (knex) => {
      await knex.raw('create table calls (n int, t text)')
      await knex.raw(`create procedure fill_calls(up_to int) language plpgsql as $p$
        begin for i in 1..up_to loop insert into calls values (i, 'by; procedure'); end loop; end $p$`)
      await knex.raw('call fill_calls(?)', [3])
      await knex.raw(`do $do$ declare r record; begin
        for r in select n from calls loop update calls set t = t || r.n where n = r.n; end loop; end $do$`)
      await knex.raw("do 'begin insert into calls values (9, ''quoted''); end'")
    },
    downgrade: (knex) => knex.raw('drop procedure fill_calls(int); drop table calls'),
  },
  {
    title: 'triggers of every kind',
    upgrade: (knex) =>
      knex.raw(`
        create table watched (id int primary key, at int, log text);
        create function watch() returns trigger language plpgsql as $$
          begin
            if tg_op = 'UPDATE' then new.log := concat(old.log, ';', new.at); end if;
            return new;
          end $$;
        create function watch_all() returns trigger language plpgsql as $$
          begin insert into done (what) select 'watched ' || count(*) from fresh; return null; end $$;
        create trigger a before insert or update of at on watched for each row when (new.at > 0) execute function watch();
        create trigger b after insert on watched referencing new table as fresh for each statement execute function watch_all();
        create constraint trigger c after update on watched deferrable initially deferred for each row execute function watch();
        insert into watched values (1, 1), (2, 2);
        update watched set at = 5;
        set constraints all immediate;
        alter table watched disable trigger a;
        update watched set at = 6;
        alter table watched enable trigger a;
      `),
    downgrade: (knex) =>
      knex.raw(
        "drop table watched; drop function watch(); drop function watch_all(); delete from done where what like 'watched%'",
      ),
  },
  {
    title: 'sequences owned, moved and asked in a statement',
    upgrade: async (knex) => {
      await knex.raw('create sequence ticket increment by 10 minvalue 5 start with 50 cache 1')
      await knex.schema.createTable('tickets', (table) => {
        table.bigInteger('n').defaultTo(knex.raw("nextval('ticket')"))
        table.string('t')
      })
      await knex.raw('alter sequence ticket owned by tickets.n')
      await knex('tickets').insert([{ t: 'a' }, { t: 'b' }])
      await knex('tickets').insert({ n: knex.raw("nextval('ticket') * ?", [-1]), t: 'c' })
      await knex.raw("select setval('ticket', (select max(n) + 1 from tickets), false)")
      await knex.raw('alter sequence ticket restart with 1005')
    },
    downgrade: (knex) => knex.schema.dropTable('tickets'),
  },
  {
    title: 'settings for one transaction',
    upgrade: async (knex) => {
      await knex.raw("set local lock_timeout = '5s'")
      await knex.raw("set local statement_timeout to '1min'")
      await knex.raw('set local search_path to billing, public')
      await knex.raw("select set_config('myapp.user', ?, true)", ["it's me"])
      await knex.raw('create table by_search_path as select current_setting(?) as u', ['myapp.user'])
      await knex.raw('lock table public.numbers in share mode')
      await knex.raw('set constraints all deferred')
      await knex.raw('select pg_advisory_xact_lock(?)', [42])
    },
    downgrade: (knex) => knex.raw('drop table billing.by_search_path'),
  },
  {
    title: 'temporary tables on the way',
    upgrade: (knex) =>
      knex.raw(`
        create temporary table passing (n int) on commit drop;
        insert into passing select generate_series(1, 5);
        create table passed as select sum(n) as total from passing;
      `),
    downgrade: (knex) => knex.schema.dropTable('passed'),
  },
  {
    title: 'text that clients of the terminal like to read',
    upgrade: async (knex) => {
      await knex.raw('create table psql_words (t text, a int[])')
      await knex.raw("insert into psql_words values (':name :''name'' :\"name\"', (array[1,2,3])[1:2])")
      await knex.raw("insert into psql_words (t) values (E'\\\\! ls \\\\q \\\\i x'), ('\\q'), ($$\\! ls$$)")
      await knex.raw('insert into psql_words (t) values (?)', ['\n\\q\n\\! touch x\n\\.\n:name'])
      await knex.raw("insert into psql_words (t) select U&'d\\0061t\\+000061' || e'\\x41' || 'a'\n'b'")
    },
    downgrade: (knex) => knex.schema.dropTable('psql_words'),
  },
]

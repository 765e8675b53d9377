import type { ReadCase, ReadCases } from './reads-cases.ts'

const read = (ask: ReadCase['ask'], change: string, ...undo: string[]): ReadCase => ({ ask, change: [change], undo })
const addTable = ['create table absent (id int)', 'drop table absent'] as const
const addNick = ['alter table users add column nick text', 'alter table users drop column nick'] as const
const addIndex = ['create index users_age on users (age)', 'drop index users_age on users'] as const
const ownTables = `from information_schema.tables where table_schema = database()`

/** What is asked of MySQL and MariaDB. */
export const MYSQL_READS: ReadCases = {
  schema: [
    `create table users (id int auto_increment primary key, name varchar(40) not null default 'x', email varchar(90) unique,
       age int comment 'in years', feeling enum('sad', 'ok'), at timestamp not null default current_timestamp) comment 'people'`,
    'create index users_name on users (name(10))',
    `create table posts (id bigint primary key, user_id int, title text, double_id bigint as (id * 2) stored,
       constraint posts_user foreign key (user_id) references users (id) on delete cascade, constraint posts_id check (id > 0))`,
    'create view adults as select id, name from users where age > 17',
    'create procedure nothing() select 1',
    'create table `Mixed` (id int)',
    'create trigger touch before update on users for each row set new.age = new.age',
  ],
  before: ['create table noise (a int)', 'drop table noise'],
  after: [
    'alter table users add column noise int',
    'alter table users drop column noise',
    `insert into users (name, age) values ('a', 1), ('b', 2), ('c', 3)`,
    `insert into posts (id, user_id) values (5, 1), (6, 2)`,
    'analyze table users, posts',
  ],
  cases: [
    read((knex) => knex.schema.hasTable('posts'), 'rename table posts to gone', 'rename table gone to posts'),
    read((knex) => knex.schema.hasTable('absent'), ...addTable),
    read(
      (knex) => knex.schema.hasColumn('users', 'AGE'),
      'alter table users rename column age to years',
      'alter table users rename column years to age',
    ),
    read((knex) => knex.schema.hasColumn('users', 'nick'), ...addNick),
    read((knex) => knex('users').columnInfo(), ...addNick),
    read(
      (knex) => knex('users').columnInfo('name'),
      `alter table users alter column name set default 'y'`,
      `alter table users alter column name set default 'x'`,
    ),
    read((knex) => knex('absent').columnInfo(), ...addTable),
    read(
      (knex) => knex('information_schema.tables').where('table_schema', knex.raw('database()')).pluck('table_name'),
      ...addTable,
    ),
    read(
      (knex) =>
        knex('information_schema.tables').whereRaw(`table_schema = database() and table_name = 'users'`).first(),
      `alter table users comment 'nobody'`,
      `alter table users comment 'people'`,
    ),
    read(
      (knex) =>
        knex.select(
          knex.raw(
            'exists(select 1 from information_schema.views where table_schema = database() and table_name = ?) as e',
            ['adults'],
          ),
        ),
      'rename table adults to gone',
      'rename table gone to adults',
    ),
    read('show tables', ...addTable),
    read('SHOW FULL TABLES;', ...addTable),
    read(`show tables like 'abs%'`, ...addTable),
    read('show columns from `users`', ...addNick),
    read(
      'show full fields from users',
      `alter table users modify age int comment 'old'`,
      `alter table users modify age int comment 'in years'`,
    ),
    read(
      `show full fields from \`users\` where field = 'age'`,
      'alter table users modify age bigint',
      `alter table users modify age int comment 'in years'`,
    ),
    read(`show columns in users like 'ni%'`, ...addNick),
    read('describe users', ...addNick),
    read('show columns from Mixed', 'alter table `Mixed` add column nick text', 'alter table `Mixed` drop column nick'),
    read('desc `users`', ...addNick),
    read('show index from users', ...addIndex),
    read(`show index from users where key_name = 'users_age'`, ...addIndex),
    read(
      'show keys in `users`',
      'alter table users alter index users_name ignored',
      'alter table users alter index users_name not ignored',
    ),
    read(`select * ${ownTables}`, ...addTable),
    read(`select table_schema, table_name ${ownTables} order by table_name desc`, ...addTable),
    read(`select count(*) as n ${ownTables}`, ...addTable),
    read(`select exists (select 1 ${ownTables} and table_name = 'absent') as e`, ...addTable),
    read(
      `select table_collation, engine ${ownTables} and table_name = 'users'`,
      'alter table users default character set latin1',
      'alter table users default character set utf8mb4',
    ),
    read(`select * from information_schema.columns where table_schema = schema() and table_name = 'users'`, ...addNick),
    read(
      `select column_type from information_schema.columns where table_schema = database() and column_name = 'feeling'`,
      `alter table users modify feeling enum('sad', 'ok', 'glad')`,
      `alter table users modify feeling enum('sad', 'ok')`,
    ),
    read(
      'select column_name, generation_expression from `information_schema`.`COLUMNS` where `table_schema` = database() and table_name = "posts"',
      'alter table posts modify double_id bigint as (id * 3) stored',
      'alter table posts modify double_id bigint as (id * 2) stored',
    ),
    read(
      `select * from information_schema.statistics where table_schema = database() and table_name = 'users'`,
      ...addIndex,
    ),
    read(
      `select index_name, group_concat(column_name order by seq_in_index) from information_schema.statistics where table_schema = database() group by index_name`,
      ...addIndex,
    ),
    read(
      `select * from information_schema.table_constraints where table_schema = database()`,
      'alter table users add constraint more unique (age)',
      'alter table users drop index more',
    ),
    read(
      `select * from information_schema.key_column_usage where table_schema = database() and referenced_table_name = 'users'`,
      'alter table posts drop foreign key posts_user',
      'alter table posts add constraint posts_user foreign key (user_id) references users (id) on delete cascade',
    ),
    read(
      `SELECT KCU.CONSTRAINT_NAME, KCU.TABLE_NAME, RC.UPDATE_RULE, RC.DELETE_RULE FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE AS KCU
       JOIN INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS AS RC USING(CONSTRAINT_NAME)
       WHERE KCU.REFERENCED_TABLE_NAME = 'users' AND KCU.CONSTRAINT_SCHEMA = DATABASE() AND RC.CONSTRAINT_SCHEMA = DATABASE()`,
      'alter table posts drop foreign key posts_user, add constraint posts_user2 foreign key (user_id) references users (id)',
      'alter table posts drop foreign key posts_user2, add constraint posts_user foreign key (user_id) references users (id) on delete cascade',
    ),
    read(
      `select * from information_schema.referential_constraints where constraint_schema = database()`,
      'alter table posts drop foreign key posts_user',
      'alter table posts add constraint posts_user foreign key (user_id) references users (id) on delete cascade',
    ),
    read(
      `select * from information_schema.check_constraints where constraint_schema = database()`,
      'alter table posts drop constraint posts_id',
      'alter table posts add constraint posts_id check (id > 0)',
    ),
    read(
      `select * from information_schema.views where table_schema = database()`,
      'alter view adults as select id, name from users where age > 20',
      'alter view adults as select id, name from users where age > 17',
    ),
    read(
      `select view_definition from information_schema.views where table_schema = database()`,
      'alter view adults as select id, name from users where age > 20',
      'alter view adults as select id, name from users where age > 17',
    ),
    read(
      `select routine_name, routine_type from information_schema.routines where routine_schema = database()`,
      'drop procedure nothing',
      'create procedure nothing() select 1',
    ),
    read(
      `select * from information_schema.triggers where trigger_schema = database()`,
      'drop trigger touch',
      'create trigger touch before update on users for each row set new.age = new.age',
    ),
    read(
      `with t as (select table_name from information_schema.tables where table_schema = database()) select * from t union all select 'none'`,
      ...addTable,
    ),
    read(
      `select a.table_name, b.table_name from information_schema.tables a join information_schema.columns b on b.table_schema = a.table_schema and b.table_name = a.table_name where a.table_schema = database()`,
      ...addTable,
    ),
    read(
      `select lower(concat(table_name, '.', column_name)) as \`c;d\` from information_schema.columns where table_schema = database() # all`,
      ...addNick,
    ),
    read(
      `select if(count(*) > 0, 'yes', 'no') from information_schema.columns where table_schema = database() and table_name = 'users' and column_name = 'nick' limit 1`,
      ...addNick,
    ),
    read(
      `select column_name from information_schema.columns where table_schema = database() and table_name = 'users' order by ordinal_position`,
      'alter table users modify name varchar(40) not null first',
      `alter table users modify name varchar(40) not null default 'x' after id`,
    ),
  ],
}

import { expect, it } from 'vitest'
import { statementWords } from '../../../../src/database/lock/statement-words.ts'

it.each([
  ['postgresql', 'alter table "orders" add column note text', 'alter table "orders" add column note ...'],
  ['postgresql', 'create index concurrently', 'create index concurrently'],
  ['postgresql', `insert into users (email) values ('a@b.example')`, 'insert into users (email) values ( ...'],
  ['postgresql', `select pg_sleep(60)`, 'select pg_sleep( ...'],
  ['postgresql', `update t set a = 1`, 'update t set a ...'],
  ['postgresql', `-- why 'secret'\n/* and */ vacuum`, 'vacuum'],
  ['postgresql', `create role app password 'secret'`, 'create role app password ...'],
  ['postgresql', `do $$ begin perform 'secret'; end $$`, 'do ...'],
  ['postgresql', `update "cut off in the mid`, 'update ...'],
  ['postgresql', `select E'it\\'s secret'`, 'select E ...'],
  ['mysql', 'alter table `orders` add `note` text', 'alter table `orders` add `note` text'],
  ['mysql', `insert into t values ("secret")`, 'insert into t values ( ...'],
  ['mysql', `insert into t values (x'41')`, 'insert into t values (x ...'],
  ['mysql', `update t set a=0x41`, 'update t set a ...'],
  ['mysql', `set @secret := 1`, 'set ...'],
  ['mysql', `alter table ${'x'.repeat(200)} add y int`, `alter table ${'x'.repeat(68)} ...`],
] as const)('of a statement only the first words are told, and no value: %s, %s', (family, sql, words) => {
  expect(statementWords(sql, family)).toBe(words)
})

it('of a statement that is nothing but a value nothing is told', () => {
  expect(statementWords(`'secret'`, 'postgresql')).toBeUndefined()
  expect(statementWords('', 'mysql')).toBeUndefined()
})

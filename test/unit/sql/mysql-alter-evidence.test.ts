import { describe, expect, test } from 'vitest'
import { alterEvidence, isEvident } from '../../../src/sql/mysql-alter-evidence.ts'

const definition = (...lines: string[]): string =>
  `CREATE TABLE \`t\` (\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`
const BEFORE = definition('`id` int(11) NOT NULL', '`n` int(11) DEFAULT NULL', 'PRIMARY KEY (`id`)', 'KEY `t_n` (`n`)')
const seen = (sql: string, ...now: string[]): boolean | undefined => {
  const evidence = alterEvidence(sql)
  return evidence === undefined ? undefined : isEvident(evidence, BEFORE, definition(...now))
}
const [id, n, key, index] = [
  '`id` int(11) NOT NULL',
  '`n` int(11) DEFAULT NULL',
  'PRIMARY KEY (`id`)',
  'KEY `t_n` (`n`)',
]

describe('a change of a table is seen in its definition', () => {
  test.each([
    ['alter table t add `m` int', [id, n, '`m` int(11)', key, index]],
    ['alter table t add column if not exists m int after id', [id, '`m` int(11)', n, key, index]],
    ['alter table t add (m int, `o p` int)', [id, n, '`m` int', '`o p` int', key, index]],
    ['alter table t add index (m, n)', [id, n, key, index, 'KEY `m` (`m`,`n`)']],
    ['alter table `t` add unique `u`(`n`)', [id, n, key, 'UNIQUE KEY `u` (`n`)', index]],
    [
      'alter table t add constraint `f` foreign key (n) references u (id)',
      [id, n, key, index, 'CONSTRAINT `f` FOREIGN KEY (`n`) REFERENCES `u` (`id`)'],
    ],
    ['alter table t drop n, drop index t_n', [id, key]],
    ['alter table t add m int, algorithm = copy, lock = shared', [id, n, '`m` int(11)', key, index]],
    ['alter table t algorithm=inplace, drop n', [id, key, index]],
    ['alter table t drop primary key', [id, n, index]],
    ['alter table t modify n bigint not null', [id, '`n` bigint(20) NOT NULL', key, index]],
    ['alter table t change n m bigint', [id, '`m` bigint(20)', key, index]],
    ['alter table t rename column n to m', [id, '`m` int(11)', key, 'KEY `t_n` (`m`)']],
    ['create index two on t (n, id)', [id, n, key, index, 'KEY `two` (`n`,`id`)']],
    ['drop index t_n on t', [id, n, key]],
  ])('%s', (sql, now) => {
    expect(seen(sql, ...(now as string[]))).toBe(true)
  })
})

describe('what somebody else has changed is no evidence', () => {
  test.each([
    ['alter table t add index (id)', [id, n, key, index, 'KEY `n` (`n`)']],
    ['alter table t add m int', [id, n, '`other` int(11)', key, index]],
    ['alter table t add y int, add z int', [id, n, '`z` int(11)', key, index]],
    ['alter table t drop n', [id, n, key]],
    ['alter table t add `lock` int, algorithm = copy', [id, n, '`other` int(11)', key, index]],
  ])('%s', (sql, now) => {
    expect(seen(sql, ...(now as string[]))).toBe(false)
  })
})

test.each([
  'alter table t engine = innodb',
  'alter table t algorithm = copy',
  'alter table t convert to character set utf8mb4',
  'alter table t drop partition p',
])('nothing can be told of %s', (sql) => {
  expect(alterEvidence(sql)).toBeUndefined()
})

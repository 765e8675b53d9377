import { describe, expect, it } from 'vitest'
import { findIndexLoss, findRebuildLoss, type RebuildChange } from '../../../../src/database/handle/rebuild-losses.ts'

const nullability: RebuildChange = { kind: 'nullability', columns: ['x'] }

describe('a table that is written anew', () => {
  it.each<[string, RebuildChange, string, string]>([
    [
      'quotes, case, spaces, comments and the order of words',
      nullability,
      "CREATE TABLE t (a int UNIQUE NOT NULL, -- it's\n [B c] varchar(10) default 'X, y' , x text) WITHOUT ROWID",
      "CREATE TABLE `_knex` (`a` INT NOT NULL UNIQUE, `B c` varchar( 10 ) DEFAULT 'X, y', `x` text NOT NULL) without rowid",
    ],
    [
      'a named NOT NULL with its conflict',
      nullability,
      'CREATE TABLE t (x int constraint c not null on conflict ignore default null)',
      'CREATE TABLE t (x int default null)',
    ],
    [
      'a new type, default and nullability',
      { kind: 'alter-columns', columns: ['X'] },
      'CREATE TABLE t (id int, x varchar(5) not null default (1 + (2)) collate nocase references o (id))',
      "CREATE TABLE t (id int, x char(9) default 'z' collate nocase references o (id))",
    ],
    [
      'a dropped column with its keys',
      { kind: 'drop-columns', columns: ['x'] },
      'CREATE TABLE t (id int, x int, unique (id, x), foreign key (x) references o (id))',
      'CREATE TABLE t (id int)',
    ],
  ])('may differ in %s', (_, change, before, after) => {
    expect(findRebuildLoss(change, before, after)).toBeUndefined()
  })

  it.each<[RebuildChange, string, string, RegExp]>([
    [nullability, 'CREATE TABLE t (x int check (x > 0))', 'CREATE TABLE t (x int)', /would lose check/],
    [nullability, 'CREATE TABLE t (x int) STRICT', 'CREATE TABLE t (x int)', /would lose strict/],
    [nullability, 'CREATE TABLE t (x int, y int)', 'CREATE TABLE t (x int)', /column "y" would be lost/],
    [nullability, 'CREATE TABLE t (x int)', 'CREATE TABLE t (x int, y int)', /a column "y" would come/],
    [nullability, 'CREATE TABLE t (x int, y int)', 'CREATE TABLE t (x int, y int unique)', /"y" would become/],
    [
      nullability,
      "CREATE TABLE t (x int, y text default 'A')",
      "CREATE TABLE t (x int, y text default 'a')",
      /would lose 'A'/,
    ],
    [nullability, 'CREATE TABLE t (x int, check (x > 0))', 'CREATE TABLE t (x int)', /would lose check/],
    [
      { kind: 'add-foreign' },
      'CREATE TABLE t (x int, unique (x))',
      'CREATE TABLE t (x int, foreign key (x) references o)',
      /would lose unique/,
    ],
    [
      { kind: 'drop-columns', columns: ['x'] },
      'CREATE TABLE t (x int, y int, unique (y))',
      'CREATE TABLE t (y int)',
      /would lose unique/,
    ],
    [
      { kind: 'drop-primary' },
      'CREATE TABLE t (x int primary key)',
      'CREATE TABLE t (x int primary key)',
      /key would stay/,
    ],
  ])('is told what it loses: %o', (change, before, after, loss) => {
    expect(findRebuildLoss(change, before, after)).toMatch(loss)
  })

  it('keeps the indexes of other columns', () => {
    const before = 'CREATE UNIQUE INDEX i ON t (lower(a), b COLLATE nocase DESC) WHERE a > 1'
    const same = 'CREATE UNIQUE INDEX `i` on `t` (lower(a), `b` COLLATE nocase DESC) where a > 1'
    expect(findIndexLoss(['x'], before, [same])).toBeUndefined()
    expect(findIndexLoss(['x'], before, ['CREATE UNIQUE INDEX i ON t (lower(a), b DESC) WHERE a > 1'])).toContain(
      before,
    )
    expect(findIndexLoss(['b'], before, [])).toBeUndefined()
  })
})

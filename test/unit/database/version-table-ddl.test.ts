import { describe, expect, test } from 'vitest'
import { dialectOf } from '../../../src/database/dialect.ts'
import { revTables } from '../../../src/database/tables.ts'
import { versionTableDdl } from '../../../src/database/version-table-ddl.ts'

describe('revTables', () => {
  test('rev_version goes with rev_event', () => {
    const tables = revTables(dialectOf('pg'), 'public', 'rev_version')

    expect([tables.version.sql, tables.event.sql]).toEqual(['"public"."rev_version"', '"public"."rev_event"'])
  })

  test('any other name gives the others theirs', () => {
    const tables = revTables(dialectOf('mysql2'), 'shop', 'alembic_version')

    expect([tables.version.text, tables.event.text]).toEqual(['shop.alembic_version', 'shop.alembic_version_event'])
  })

  test('quotes hostile names', () => {
    const tables = revTables(dialectOf('pg'), 'a"b', 'x`; drop')

    expect(tables.version.sql).toBe('"a""b"."x`; drop"')
  })
})

describe('versionTableDdl', () => {
  test('tells case apart on MySQL', () => {
    const dialect = dialectOf('mysql2')

    expect(versionTableDdl(dialect, revTables(dialect, 'shop', 'rev_version').version)).toBe(
      'create table `shop`.`rev_version` (version_num varchar(255) character set ascii collate ascii_bin not null, constraint `rev_version_pkc` primary key (version_num))',
    )
  })
})

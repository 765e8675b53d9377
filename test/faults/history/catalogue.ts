import type { DialectName, TestDatabase } from '../../support/databases.ts'

/** What there is in the schema of a database. */
export interface Catalogue {
  readonly tables: ReadonlySet<string>
  /** `table.column`, of tables only. */
  readonly columns: ReadonlySet<string>
  readonly views: ReadonlySet<string>
  /** Those that the database uses. */
  readonly indexes: ReadonlySet<string>
  /** Those that PostgreSQL has begun and not finished. */
  readonly invalid: readonly string[]
}

interface Found {
  readonly kind: 'table' | 'column' | 'view' | 'index' | 'invalid'
  readonly name: string
}

const QUERIES: Readonly<Record<DialectName, string>> = {
  postgresql: `
    select case relkind when 'v' then 'view' else 'table' end as kind, relname as name
      from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')
    union all select 'column', c.relname || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    union all select case when i.indisvalid and i.indisready then 'index' else 'invalid' end, c.relname
      from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = 'public'::regnamespace`,
  mysql: `
    select if(table_type = 'VIEW', 'view', 'table') as kind, table_name as name
      from information_schema.tables where table_schema = database()
    union all select 'column', concat(table_name, '.', column_name)
      from information_schema.columns where table_schema = database()
    union all select distinct 'index', index_name from information_schema.statistics where table_schema = database()`,
  sqlite: `
    select type as kind, name from sqlite_master where type in ('table', 'view', 'index') and name not like 'sqlite_%'
    union all select 'column', m.name || '.' || c.name
      from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'`,
}

export async function readCatalogue(db: TestDatabase): Promise<Catalogue> {
  const answer: unknown = await db.knex().raw(QUERIES[db.dialect])
  const found = rowsOf(db.dialect, answer)
  const names = (kind: Found['kind']): string[] => found.filter((each) => each.kind === kind).map(({ name }) => name)
  return {
    tables: new Set(names('table')),
    columns: new Set(names('column')),
    views: new Set(names('view')),
    indexes: new Set(names('index')),
    invalid: names('invalid'),
  }
}

function rowsOf(dialect: DialectName, answer: unknown): readonly Found[] {
  if (dialect === 'postgresql') return (answer as { rows: Found[] }).rows
  return dialect === 'mysql' ? (answer as [Found[]])[0] : (answer as Found[])
}

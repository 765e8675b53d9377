import type { Knex } from 'knex'
import type { DialectName } from './databases.ts'

type Row = Record<string, unknown>

/**
 * Schema and rows of a database as text. Two databases have the same text exactly when they hold the same tables,
 * columns in the same order, constraints, indexes, views, triggers, routines and rows. Where counters stand is not part
 * of it. Read from the catalogues, so that no client program has to be installed.
 */
export async function dumpDatabase(knex: Knex, dialect: DialectName, ignore: RegExp): Promise<string> {
  const schema = { sqlite: dumpSqlite, postgresql: dumpPostgres, mysql: dumpMysql }[dialect]
  const { objects, tables } = await schema(knex)
  const parts = objects.filter((object) => !ignore.test(object.table)).map((object) => object.text)
  for (const table of tables.filter((name) => !ignore.test(name.split('.').at(-1) ?? name)).sort()) {
    const rows: Row[] = await knex(table).select()
    parts.push(`rows of ${table}:`, ...rows.map((row) => `  ${JSON.stringify(row, plain)}`).sort())
  }
  return `${parts.join('\n')}\n`
}

/** What one dialect's catalogue says: its objects as text, each with the table it belongs to, and the tables that hold rows. */
interface Catalogue {
  readonly objects: { readonly table: string; readonly text: string }[]
  readonly tables: string[]
}

async function dumpSqlite(knex: Knex): Promise<Catalogue> {
  const rows: { type: string; name: string; tbl_name: string; sql: string | null }[] = await knex('sqlite_master')
    .whereNot('name', 'like', 'sqlite_%')
    .orderBy(['tbl_name', 'type', 'name'])
  return {
    objects: rows.map((row) => ({ table: row.tbl_name, text: sqliteText(row.sql ?? `${row.type} ${row.name}`) })),
    tables: rows.filter((row) => row.type === 'table').map((row) => row.name),
  }
}

/**
 * Knex writes a table anew when it changes it, with other quotes, spaces and cases, and with the words of a column in
 * another order. Columns stay in their order here; the words behind a name, and the constraints, are sorted.
 */
function sqliteText(sql: string): string {
  const text = sql
    .split(/('(?:[^']|'')*')/)
    .map((part, index) =>
      index % 2
        ? part
        : part
            .toLowerCase()
            .replaceAll(/["`[\]]/g, '')
            .replaceAll(/\s+/g, ' '),
    )
    .join('')
    .replaceAll(/\s*([(),])\s*/g, '$1')
    .trim()
  const table = /^(create table [^(]+)\((.*)\)([^)]*)$/s.exec(text)
  if (!table) return text
  const [, head = '', body = '', tail = ''] = table
  const items = splitOutsideParentheses(body, ',')
  const isConstraint = (item: string) => /^(constraint|primary key|foreign key|unique|check)\b/.test(item)
  const columns = items.filter((item) => !isConstraint(item)).map(sortWordsBehindName)
  return [head, ...columns, ...items.filter(isConstraint).sort(), tail].join('\n  ').trimEnd()
}

function sortWordsBehindName(column: string): string {
  const [name, ...words] = splitOutsideParentheses(column, ' ')
  return [name, ...words.sort()].join(' ')
}

function splitOutsideParentheses(text: string, separator: string): string[] {
  const parts = ['']
  let depth = 0
  let quoted = false
  for (const character of text) {
    if (character === "'") quoted = !quoted
    if (!quoted && character === '(') depth += 1
    if (!quoted && character === ')') depth -= 1
    if (character === separator && depth === 0 && !quoted) parts.push('')
    else parts.push(parts.pop() + character)
  }
  return parts
}

const POSTGRES_OBJECTS = `
with spaces as (
  select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
), relations as (
  select c.oid, c.relname, c.relkind, s.nspname, s.nspname || '.' || c.relname as name
  from pg_class c join spaces s on s.oid = c.relnamespace
)
select relname as "table", 1 as part, name || '#' || lpad(a.attnum::text, 4, '0') as key,
  name || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end
    || case a.attidentity when '' then '' else ' identity ' || a.attidentity::text end
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') || coalesce(' -- ' || col_description(r.oid, a.attnum), '') as text
from relations r join pg_attribute a on a.attrelid = r.oid
left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
where relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
union all
select relname, 2, name || c.conname, name || ' constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
from relations r join pg_constraint c on c.conrelid = r.oid
union all
select r.relname, 3, name || i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
from relations r join pg_index i on i.indrelid = r.oid
union all
select relname, 4, name || t.tgname, pg_get_triggerdef(t.oid)
from relations r join pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
union all
select relname, 5, name, 'view ' || name || ' as ' || pg_get_viewdef(oid) from relations where relkind in ('v', 'm')
union all
select relname, 6, name, 'sequence ' || name from relations where relkind = 'S'
union all
select p.proname, 7, s.nspname || p.proname, pg_get_functiondef(p.oid)
from pg_proc p join spaces s on s.oid = p.pronamespace where p.prokind in ('f', 'p')
union all
select t.typname, 8, s.nspname || t.typname,
  'enum ' || t.typname || ' ' || (select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)
from pg_type t join spaces s on s.oid = t.typnamespace where t.typtype = 'e'
order by part, key`

async function dumpPostgres(knex: Knex): Promise<Catalogue> {
  const objects = await knex.raw<{ rows: { table: string; text: string }[] }>(POSTGRES_OBJECTS)
  const tables = await knex.raw<{ rows: { name: string }[] }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
  )
  return { objects: objects.rows, tables: tables.rows.map((row) => row.name) }
}

async function dumpMysql(knex: Knex): Promise<Catalogue> {
  const objects: Catalogue['objects'] = []
  const tables: string[] = []
  for (const [name, kind] of await valuesOf(knex, 'show full tables')) {
    if (kind === 'BASE TABLE') tables.push(name)
    const [shown] = await valuesOf(knex, `show create ${kind === 'VIEW' ? 'view' : 'table'} \`${name}\``)
    objects.push({ table: name, text: (shown?.[1] ?? '').replace(/ AUTO_INCREMENT=\d+/, '') })
  }
  for (const [name, , table, statement, timing] of await valuesOf(knex, 'show triggers')) {
    objects.push({ table: table ?? '', text: `trigger ${name} ${timing} on ${table}: ${statement}` })
  }
  for (const kind of ['procedure', 'function']) {
    for (const [, name] of await valuesOf(knex, `show ${kind} status where db = database()`)) {
      const [shown] = await valuesOf(knex, `show create ${kind} \`${name}\``)
      objects.push({ table: name ?? '', text: shown?.[2] ?? '' })
    }
  }
  return { objects, tables }
}

/** The rows as arrays of text: the names of the columns of SHOW differ between servers. */
async function valuesOf(knex: Knex, sql: string): Promise<[string, ...string[]][]> {
  const [rows] = await knex.raw<[Row[]]>(sql)
  return (rows ?? []).map((row) => {
    const [first = '', ...rest] = Object.values(row).map(String)
    return [first, ...rest]
  })
}

/** Values that JSON cannot say. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value
}

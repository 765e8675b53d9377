import { RevError } from '../../errors/index.ts'
import type { Database } from '../database.ts'
import { DEFAULT_TABLE_LOCK_MS } from '../limits/time-limit.ts'
import type { ContentsOfDialect, DatabaseObject, Emptied } from './contents-of-dialect.ts'

/** What stands at the beginning of a DROP, in the order in which the kinds are dropped. */
const DROP: Readonly<Record<string, string>> = {
  view: 'view',
  'materialized view': 'materialized view',
  'foreign table': 'foreign table',
  table: 'table',
  sequence: 'sequence',
  function: 'routine',
  procedure: 'routine',
  aggregate: 'routine',
  domain: 'domain',
  type: 'type',
  collation: 'collation',
}

/** In one transaction: all or nothing. What belongs to extensions stays. */
export const postgresContents: ContentsOfDialect = {
  list: async (database, emptied) => (await listObjects(database, emptied)).map(({ target: _, ...object }) => object),
  async drop(database, emptied, objects) {
    const { query } = database.connection
    const wanted = new Set(objects.map(keyOf))
    await query('begin')
    try {
      const ms = database.settings.tableLockTimeoutMs ?? DEFAULT_TABLE_LOCK_MS
      await query(`set local lock_timeout = ${ms}`)
      const listed = (await listObjects(database, emptied)).filter((object) => wanted.has(keyOf(object)))
      const before = await listOthers(database, emptied)
      for (const [kind, word] of Object.entries(DROP)) {
        for (const object of listed) {
          if (object.kind === kind) await query(`drop ${word} if exists ${object.target} cascade`)
        }
      }
      await assertOthersStand(database, emptied, before)
      await query('commit')
    } catch (error) {
      await query('rollback').catch(() => undefined)
      throw error
    }
  },
}

type Listed = DatabaseObject & { readonly target: string }

const keyOf = ({ kind, schema, name }: DatabaseObject): string => JSON.stringify([kind, schema, name])

async function listObjects({ connection }: Database, { schemas, own, kept }: Emptied): Promise<Listed[]> {
  const { rows } = await connection.query(OBJECTS, [[...schemas], own.schema, [...own.names]])
  return rows
    .map(({ kind, schema, name, target }) => ({
      kind: String(kind),
      schema: String(schema),
      name: String(name),
      target: String(target),
    }))
    .filter(({ kind, schema, name }) => !(kind === 'table' && schema === own.schema && name === kept))
}

// Sequences that belong to a column go with it, as do array types, the types of rows and the functions of ranges. A table
// with partitions depends on its own key.
const OBJECTS = `
with wanted as (select cast(? as text[]) as schemas, cast(? as text) as own_schema, cast(? as text[]) as own_names),
part as (select classid, objid from pg_catalog.pg_depend
  where deptype = 'e' or (deptype = 'i' and (classid, objid) <> (refclassid, refobjid))),
everything as (
  select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
      when 'f' then 'foreign table' else 'table' end as kind,
    c.relnamespace as namespace, c.relname::text as name, format('%I.%I', n.nspname, c.relname) as target,
    cast('pg_catalog.pg_class' as regclass) as classid, c.oid as objid
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and not (c.relkind = 'S' and exists (
    select 1 from pg_catalog.pg_depend d where d.classid = cast('pg_catalog.pg_class' as regclass) and d.objid = c.oid
      and d.deptype = 'a'))
  union all
  select case t.typtype when 'd' then 'domain' else 'type' end, t.typnamespace, t.typname::text,
    format('%I.%I', n.nspname, t.typname), cast('pg_catalog.pg_type' as regclass), t.oid
  from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  where (t.typtype in ('d', 'e', 'r', 'b')
      or (t.typtype = 'c' and exists (
        select 1 from pg_catalog.pg_class c where c.oid = t.typrelid and c.relkind = 'c')))
    and not exists (select 1 from pg_catalog.pg_type e where e.typarray = t.oid)
  union all
  select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, p.pronamespace,
    p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
    cast('pg_catalog.pg_proc' as regclass), p.oid
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  union all
  select 'collation', c.collnamespace, c.collname::text, format('%I.%I', n.nspname, c.collname),
    cast('pg_catalog.pg_collation' as regclass), c.oid
  from pg_catalog.pg_collation c join pg_catalog.pg_namespace n on n.oid = c.collnamespace
)
select e.kind, n.nspname as schema, e.name, e.target
from everything e join pg_catalog.pg_namespace n on n.oid = e.namespace cross join wanted w
where (n.nspname = any(w.schemas) or (e.kind = 'table' and n.nspname = w.own_schema and e.name = any(w.own_names)))
  and not exists (select 1 from part where part.classid = e.classid and part.objid = e.objid)
order by n.nspname, e.kind, e.name`

/** CASCADE takes along what nobody has listed; then nothing is dropped. */
async function assertOthersStand(
  database: Database,
  emptied: Emptied,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  const after = await listOthers(database, emptied)
  const lost = [...before].filter(([id]) => !after.has(id)).map(([, text]) => text)
  if (lost.length === 0) return
  const { text } = database.description
  throw new RevError('REV_LIFE_OUTSIDE', { database: text, schemas: emptied.schemas, objects: lost.slice(0, 20) })
}

async function listOthers({ connection }: Database, { schemas, own }: Emptied): Promise<Map<string, string>> {
  const { rows } = await connection.query(OTHERS, [[...schemas], own.schema, [...own.names]])
  return new Map(rows.map(({ id, text }) => [String(id), String(text)]))
}

// Tables, columns, defaults, constraints, triggers, policies, types, routines of other schemas; and all that belongs to
// extensions, wherever it is.
const OTHERS = `
with wanted as (select cast(? as text[]) as schemas, cast(? as text) as own_schema, cast(? as text[]) as own_names),
part as (select classid, objid from pg_catalog.pg_depend where deptype = 'e'),
relation as (
  select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace cross join wanted w
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not (n.nspname = w.own_schema and c.relname = any(w.own_names))
    and (n.nspname <> all(w.schemas) or exists (
      select 1 from part where part.classid = cast('pg_catalog.pg_class' as regclass) and part.objid = c.oid))
),
other as (
  select cast('pg_catalog.pg_class' as regclass) as classid, oid as objid, 0 as subid from relation
  union all select cast('pg_catalog.pg_class' as regclass), a.attrelid, cast(a.attnum as integer)
    from pg_catalog.pg_attribute a join relation r on r.oid = a.attrelid where a.attnum > 0 and not a.attisdropped
  union all select cast('pg_catalog.pg_attrdef' as regclass), d.oid, 0
    from pg_catalog.pg_attrdef d join relation r on r.oid = d.adrelid
  union all select cast('pg_catalog.pg_constraint' as regclass), c.oid, 0
    from pg_catalog.pg_constraint c join relation r on r.oid = c.conrelid
  union all select cast('pg_catalog.pg_trigger' as regclass), t.oid, 0
    from pg_catalog.pg_trigger t join relation r on r.oid = t.tgrelid where not t.tgisinternal
  union all select cast('pg_catalog.pg_policy' as regclass), p.oid, 0
    from pg_catalog.pg_policy p join relation r on r.oid = p.polrelid
  union all select cast('pg_catalog.pg_event_trigger' as regclass), e.oid, 0 from pg_catalog.pg_event_trigger e
  union all select cast('pg_catalog.pg_proc' as regclass), p.oid, 0
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace cross join wanted w
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and (n.nspname <> all(w.schemas) or exists (
      select 1 from part where part.classid = cast('pg_catalog.pg_proc' as regclass) and part.objid = p.oid))
  union all select cast('pg_catalog.pg_type' as regclass), t.oid, 0
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace cross join wanted w
    where t.typtype in ('d', 'e', 'r', 'b') and t.typcategory <> 'A'
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and (n.nspname <> all(w.schemas) or exists (
      select 1 from part where part.classid = cast('pg_catalog.pg_type' as regclass) and part.objid = t.oid))
)
select cast(cast(classid as oid) as text) || ':' || objid || ':' || subid as id, pg_describe_object(classid, objid, subid) as text
from other order by 1`

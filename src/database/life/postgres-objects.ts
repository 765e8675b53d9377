const WANTED = `wanted as (
  select cast(? as text[]) as schemas, cast(? as text) as own_schema, cast(? as text[]) as own_names)`

/**
 * What stands in these schemas and can be dropped by itself, with its identity as a DROP wants it. Sequences that belong to a
 * column go with it, as do array types, the types of rows and the functions of ranges. A table with partitions depends on its
 * own key. Wants the schemas, the schema of rev's own tables, and their names.
 */
export const OBJECTS = `
with ${WANTED},
part as (select classid, objid from pg_catalog.pg_depend
  where deptype = 'e' or (deptype = 'i' and (classid, objid) <> (refclassid, refobjid))),
everything (kind, namespace, name, classid, objid) as (
  select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
      when 'f' then 'foreign table' else 'table' end,
    c.relnamespace, c.relname::text, c.tableoid, c.oid
  from pg_catalog.pg_class c
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and not (c.relkind = 'S' and exists (
    select 1 from pg_catalog.pg_depend d where d.classid = c.tableoid and d.objid = c.oid and d.deptype = 'a'))
  union all
  select case t.typtype when 'd' then 'domain' else 'type' end, t.typnamespace, t.typname::text, t.tableoid, t.oid
  from pg_catalog.pg_type t
  where (t.typtype in ('d', 'e', 'r', 'b')
      or (t.typtype = 'c' and exists (
        select 1 from pg_catalog.pg_class c where c.oid = t.typrelid and c.relkind = 'c')))
    and not exists (select 1 from pg_catalog.pg_type e where e.typarray = t.oid)
  union all
  select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, p.pronamespace,
    p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', p.tableoid, p.oid
  from pg_catalog.pg_proc p
  union all
  select 'operator', o.oprnamespace,
    format('%s(%s, %s)', o.oprname, cast(o.oprleft as regtype), cast(o.oprright as regtype)), o.tableoid, o.oid
  from pg_catalog.pg_operator o
  union all
  select 'operator class', o.opcnamespace, format('%s for %s', o.opcname, a.amname), o.tableoid, o.oid
  from pg_catalog.pg_opclass o join pg_catalog.pg_am a on a.oid = o.opcmethod
  union all
  select 'operator family', o.opfnamespace, format('%s for %s', o.opfname, a.amname), o.tableoid, o.oid
  from pg_catalog.pg_opfamily o join pg_catalog.pg_am a on a.oid = o.opfmethod
  union all
  select 'collation', c.collnamespace, c.collname::text, c.tableoid, c.oid from pg_catalog.pg_collation c
  union all
  select 'conversion', c.connamespace, c.conname::text, c.tableoid, c.oid from pg_catalog.pg_conversion c
  union all
  select 'text search configuration', c.cfgnamespace, c.cfgname::text, c.tableoid, c.oid from pg_catalog.pg_ts_config c
  union all
  select 'text search dictionary', d.dictnamespace, d.dictname::text, d.tableoid, d.oid from pg_catalog.pg_ts_dict d
)
select e.kind, n.nspname as schema, e.name, (pg_identify_object(e.classid, e.objid, 0)).identity as target
from everything e join pg_catalog.pg_namespace n on n.oid = e.namespace cross join wanted w
where (n.nspname = any(w.schemas) or (e.kind = 'table' and n.nspname = w.own_schema and e.name = any(w.own_names)))
  and not exists (select 1 from part where part.classid = e.classid and part.objid = e.objid)
order by n.nspname, e.kind, e.name`

/**
 * What a CASCADE must not take along: all that stands in other schemas or belongs to extensions, with its columns, defaults,
 * indexes and the like, and what stands in no schema. Wants the same as OBJECTS.
 */
export const OTHERS = `
with ${WANTED},
part as (select classid, objid from pg_catalog.pg_depend where deptype = 'e'),
named (classid, objid, namespace, is_own) as (
  select c.tableoid, c.oid, c.relnamespace, n.nspname = w.own_schema and c.relname = any(w.own_names)
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace cross join wanted w
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  union all select tableoid, oid, pronamespace, false from pg_catalog.pg_proc
  union all select tableoid, oid, typnamespace, false from pg_catalog.pg_type
    where typtype in ('d', 'e', 'r', 'b') and typcategory <> 'A'
  union all select tableoid, oid, oprnamespace, false from pg_catalog.pg_operator
  union all select tableoid, oid, opcnamespace, false from pg_catalog.pg_opclass
  union all select tableoid, oid, opfnamespace, false from pg_catalog.pg_opfamily
  union all select tableoid, oid, collnamespace, false from pg_catalog.pg_collation
  union all select tableoid, oid, connamespace, false from pg_catalog.pg_conversion
  union all select tableoid, oid, cfgnamespace, false from pg_catalog.pg_ts_config
  union all select tableoid, oid, dictnamespace, false from pg_catalog.pg_ts_dict
),
outside as (
  select m.classid, m.objid
  from named m join pg_catalog.pg_namespace n on n.oid = m.namespace cross join wanted w
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not m.is_own
    and (n.nspname <> all(w.schemas)
      or exists (select 1 from part where part.classid = m.classid and part.objid = m.objid))
),
other (classid, objid, subid) as (
  select classid, objid, 0 from outside
  union all select o.classid, a.attrelid, cast(a.attnum as integer)
    from pg_catalog.pg_attribute a join outside o on o.objid = a.attrelid
    where o.classid = cast('pg_catalog.pg_class' as regclass) and a.attnum > 0 and not a.attisdropped
  union all select d.tableoid, d.oid, 0 from pg_catalog.pg_attrdef d join outside o on o.objid = d.adrelid
  union all select cast('pg_catalog.pg_class' as regclass), i.indexrelid, 0
    from pg_catalog.pg_index i join outside o on o.objid = i.indrelid
  union all select c.tableoid, c.oid, 0
    from pg_catalog.pg_constraint c join outside o on o.objid in (c.conrelid, c.contypid)
  union all select t.tableoid, t.oid, 0
    from pg_catalog.pg_trigger t join outside o on o.objid = t.tgrelid where not t.tgisinternal
  union all select r.tableoid, r.oid, 0
    from pg_catalog.pg_rewrite r join outside o on o.objid = r.ev_class where r.rulename <> '_RETURN'
  union all select p.tableoid, p.oid, 0 from pg_catalog.pg_policy p join outside o on o.objid = p.polrelid
  union all select tableoid, oid, 0 from pg_catalog.pg_event_trigger
  union all select tableoid, oid, 0 from pg_catalog.pg_publication_rel
)
select cast(cast(classid as oid) as text) || ':' || objid || ':' || subid as id, pg_describe_object(classid, objid, subid) as text
from other order by 1`

import type { SqlFamily } from '../../sql/sql-family.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

// Views of the information schema that tell of tables, types and routines: not of users, privileges or the server.
const INFORMATION_SCHEMA: Readonly<Record<'postgresql' | 'mysql', ReadonlySet<string>>> = {
  postgresql: words(`attributes check_constraints collations columns column_column_usage column_domain_usage
    column_udt_usage constraint_column_usage constraint_table_usage domain_constraints domain_udt_usage domains
    element_types key_column_usage parameters referential_constraints routines schemata sequences table_constraints
    tables triggered_update_columns triggers user_defined_types view_column_usage view_routine_usage view_table_usage
    views`),
  mysql: words(`character_sets check_constraints collation_character_set_applicability collations columns
    key_column_usage parameters partitions referential_constraints routines schemata statistics table_constraints
    tables triggers views`),
}

const PG_CATALOG = words(`pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_cast pg_class pg_collation
  pg_constraint pg_conversion pg_depend pg_description pg_enum pg_event_trigger pg_extension pg_index pg_indexes
  pg_inherits pg_language pg_matviews pg_namespace pg_opclass pg_operator pg_opfamily pg_partitioned_table pg_policies
  pg_policy pg_proc pg_range pg_rewrite pg_rules pg_sequence pg_statistic_ext pg_tables pg_trigger pg_ts_config
  pg_ts_dict pg_type pg_views`)

/** The columns of each pragma that shows the schema, as `SELECT *` gives them from its table function. */
export const SCHEMA_PRAGMAS: ReadonlyMap<string, readonly string[]> = new Map([
  ['table_info', ['cid', 'name', 'type', 'notnull', 'dflt_value', 'pk']],
  ['table_xinfo', ['cid', 'name', 'type', 'notnull', 'dflt_value', 'pk', 'hidden']],
  ['table_list', ['schema', 'name', 'type', 'ncol', 'wr', 'strict']],
  ['index_list', ['seq', 'name', 'unique', 'origin', 'partial']],
  ['index_info', ['seqno', 'cid', 'name']],
  ['index_xinfo', ['seqno', 'cid', 'name', 'desc', 'coll', 'key']],
  ['foreign_key_list', ['id', 'seq', 'table', 'from', 'to', 'on_update', 'on_delete', 'match']],
])

const MASTER_COLUMNS = 5

/** Whether a relation is one of the catalogue that shows the schema alone. The name is written in lower case. */
export function isCatalogueRelation(schema: string | undefined, name: string, family: SqlFamily): boolean {
  if (family === 'sqlite') return (schema === undefined || schema === 'main') && sqliteWidth(name) !== undefined
  if (schema === 'information_schema') return INFORMATION_SCHEMA[family].has(name)
  if (family === 'mysql') return schema === undefined && name === 'dual'
  return (schema === undefined || schema === 'pg_catalog') && PG_CATALOG.has(name)
}

/** How many columns `*` gives of a relation of SQLite's catalogue; undefined for any other relation. */
export function sqliteWidth(name: string): number | undefined {
  if (name === 'sqlite_master' || name === 'sqlite_schema') return MASTER_COLUMNS
  return name.startsWith('pragma_') ? SCHEMA_PRAGMAS.get(name.slice('pragma_'.length))?.length : undefined
}

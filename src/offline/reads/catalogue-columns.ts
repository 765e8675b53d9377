import type { SqlFamily } from '../../sql/sql-family.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/**
 * Columns of the catalogue, and words, that tell of rows, of the time or of where things lie on the disk. A query that
 * names one asks for more than the schema.
 */
export const NO_SCHEMA: Readonly<Record<SqlFamily, ReadonlySet<string>>> = {
  postgresql:
    words(`reltuples relpages relallvisible relallfrozen relfrozenxid relminmxid relfilenode ctid xmin xmax cmin
    cmax last_value`),
  mysql: words(`table_rows avg_row_length data_length max_data_length index_length data_free auto_increment create_time
    update_time check_time checksum max_index_length cardinality created last_altered last_executed nextval lastval`),
  sqlite: words('rootpage rowid _rowid_ oid'),
}

const PG_CATALOGS = `catalog_name table_catalog constraint_catalog udt_catalog domain_catalog character_set_catalog
  collation_catalog specific_catalog routine_catalog module_catalog type_udt_catalog scope_catalog unique_constraint_catalog
  trigger_catalog event_object_catalog user_defined_type_catalog object_catalog view_catalog sequence_catalog
  character_set_catalog attribute_udt_catalog result_cast_char_set_catalog default_character_set_catalog`

/** The names of databases, which differ wherever a query shows them. */
export const CATALOG_NAMES: ReadonlySet<string> = words(`${PG_CATALOGS} current_catalog`)

/**
 * Columns that two databases of the same schema may fill differently: what a `*` brings along of them counts for nothing.
 * (One that a query names itself counts.)
 */
export const INCIDENTAL: Readonly<Record<SqlFamily, ReadonlySet<string>>> = {
  postgresql: words(`${PG_CATALOGS} specific_name dtd_identifier ordinal_position object_name tableowner viewowner
    matviewowner schema_owner sequenceowner created trigger_order attnum attrelid attmissingval conkey confkey indkey relacl
    attacl proacl typacl nspacl relnatts relhassubclass relhasindex relhasrules relhastriggers ${[...NO_SCHEMA.postgresql].join(' ')}`),
  mysql: words(`table_catalog constraint_catalog unique_constraint_catalog catalog_name specific_catalog routine_catalog
    trigger_catalog event_object_catalog view_catalog referenced_table_catalog ordinal_position privileges definer sql_mode
    character_set_client collation_connection database_collation
    version ${[...NO_SCHEMA.mysql].join(' ')}`),
  sqlite: NO_SCHEMA.sqlite,
}

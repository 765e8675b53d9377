import type { SqlFamily } from '../../sql/sql-family.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const EVERYWHERE = `abs avg cast coalesce concat concat_ws count dense_rank first_value greatest lag last_value lead least
  length lower ltrim max min nullif position rank replace round row_number rtrim substr substring sum trim upper`

/** Functions that give the same for the same schema: no rows, no time, no chance, no session, no effect. */
const FUNCTIONS: Readonly<Record<SqlFamily, ReadonlySet<string>>> = {
  postgresql:
    words(`${EVERYWHERE} array_agg array_append array_cat array_length array_lower array_position array_positions
    array_prepend array_remove array_to_json array_to_string array_upper bool_and bool_or btrim cardinality char_length
    character_length col_description current_database current_schema current_schemas every format format_type
    generate_series generate_subscripts initcap json_agg json_array_elements json_array_elements_text json_build_array
    json_build_object json_object_agg jsonb_agg jsonb_array_elements jsonb_array_elements_text jsonb_build_array
    jsonb_build_object jsonb_object_agg left lpad md5 mode obj_description overlay parse_ident pg_collation_for
    pg_function_is_visible pg_get_constraintdef pg_get_expr pg_get_function_arguments pg_get_function_identity_arguments
    pg_get_function_result pg_get_functiondef pg_get_indexdef pg_get_partition_constraintdef pg_get_partkeydef
    pg_get_ruledef pg_get_serial_sequence pg_get_statisticsobjdef pg_get_triggerdef pg_get_viewdef pg_index_column_has_property
    pg_index_has_property pg_indexam_has_property pg_table_is_visible pg_type_is_visible pg_typeof quote_ident quote_literal
    quote_nullable regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table repeat reverse
    right rpad shobj_description split_part starts_with string_agg string_to_array strpos to_json to_jsonb to_regclass
    to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regtype translate unnest`),
  mysql:
    words(`${EVERYWHERE} char_length character_length convert database elt field find_in_set group_concat hex if ifnull
    instr isnull json_array json_arrayagg json_contains json_extract json_object json_objectagg json_unquote lcase left
    locate lpad mid quote regexp_instr regexp_like regexp_replace regexp_substr repeat reverse right rpad schema strcmp
    substring_index ucase`),
  sqlite:
    words(`${EVERYWHERE} char format glob group_concat hex ifnull iif instr json json_array json_array_length json_each
    json_extract json_group_array json_group_object json_object json_tree json_type json_valid like nth_value printf quote
    string_agg total typeof unicode`),
}

// Expands the columns of a key; the views of the information schema are made with it.
const PG_SCHEMAS: Readonly<Record<string, ReadonlySet<string>>> = {
  pg_catalog: FUNCTIONS.postgresql,
  information_schema: words('_pg_expandarray _pg_truetypid _pg_truetypmod _pg_char_max_length _pg_index_position'),
}

/** Whether a call of this function can stand in a read of the schema. */
export function isSchemaFunction(schema: string | undefined, name: string, family: SqlFamily): boolean {
  if (schema === undefined) return FUNCTIONS[family].has(name)
  return family === 'postgresql' && PG_SCHEMAS[schema]?.has(name) === true
}

/** Functions that give the name of the database, which may be compared but not shown. */
export const DATABASE_NAMES: ReadonlySet<string> = words('current_database database schema')

const TYPES =
  words(`bigint bool boolean bpchar char character decimal int int2 int4 int8 integer json jsonb name numeric oid
  real regclass regcollation regnamespace regoper regoperator regproc regprocedure regtype smallint text varchar
  cardinal_number character_data sql_identifier yes_or_no`)

/** Whether a cast of PostgreSQL to this type reads nothing but text and names of the schema: not `'now'::date`. */
export function isPlainType(name: string): boolean {
  return TYPES.has(name)
}

import { sqlText } from './sql-text.ts'

// What values and definitions mean by, what is checked, and what a name stands for. Each server knows some of them only.
// Not among them is what the script sets itself.
const GIVE_MEANING = [
  'auto_increment_increment',
  'auto_increment_offset',
  'character_set_collations',
  'character_set_filesystem',
  'check_constraint_checks',
  'collation_server',
  'default_collation_for_utf8mb4',
  'default_regex_flags',
  'default_storage_engine',
  'default_table_encryption',
  'default_tmp_storage_engine',
  'default_week_format',
  'div_precision_increment',
  'enforce_storage_engine',
  'explicit_defaults_for_timestamp',
  'foreign_key_checks',
  'innodb_default_encryption_key_id',
  'innodb_strict_mode',
  'lc_time_names',
  'max_sort_length',
  'old_mode',
  'restrict_fk_on_non_standard_key',
  'sql_auto_is_null',
  'sql_big_selects',
  'sql_generate_invisible_primary_key',
  'sql_if_exists',
  'sql_require_primary_key',
  'sql_safe_updates',
  'system_versioning_alter_history',
  'system_versioning_asof',
  'system_versioning_insert_history',
  'time_zone',
  'transaction_isolation',
  'tx_isolation',
  'unique_checks',
  'updatable_views_with_limit',
]

const MARIADB = 'information_schema.system_variables WHERE session_value <> global_value'
const MYSQL =
  'performance_schema.session_variables AS s JOIN performance_schema.global_variables AS g USING (variable_name) WHERE s.variable_value <> g.variable_value'

// What the server sets for every connection, it sets for that of a run, too.
const OF_CLIENT = `LOCATE(LOWER(variable_name), LOWER(IFNULL(@@GLOBAL.init_connect, ''))) = 0`
const NAMES = `GROUP_CONCAT(LOWER(variable_name) ORDER BY variable_name SEPARATOR ', ')`

/**
 * Reads into `@rev_set` which settings the client has set for its session, NULL for none. A run's driver sets none of
 * them, so that the values of the server hold. `@rev_moment` is the time of an earlier statement.
 */
export function readSettings(): string {
  const names = GIVE_MEANING.map((name) => sqlText(name)).join(', ')
  const where = `${sqlText(MARIADB)},\n  ${sqlText(MYSQL)}`
  const among = wrapped(sqlText(` AND ${OF_CLIENT} AND LOWER(variable_name) IN (${names})`))
  return [
    // So that the guard fails when it cannot read them.
    `SET @rev_set = 'what cannot be read';\n`,
    `SET @rev_do = CONCAT(${sqlText(`SELECT ${NAMES} INTO @rev_set FROM `)}, IF(VERSION() LIKE '%MariaDB%', ${where}),\n`,
    `  ${among}); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;\n`,
    // The clock of a session stands still when it was set.
    `SET @rev_set = IF(@@timestamp = @rev_moment, CONCAT_WS(', ', @rev_set, 'timestamp'), @rev_set);\n`,
  ].join('')
}

// Between names a line end is as good as a space.
const wrapped = (text: string): string => text.replace(/(.{90,110}?,) (?='')/g, '$1\n  ')

const ADVICE =
  'run it in a session of its own, without init-command and safe-updates; what a revision needs it has to set itself'

/** The fault of a session in which the same statements would do something else than in a run. */
export const FOREIGN_SETTINGS = {
  when: '@rev_set IS NOT NULL',
  words: `CONCAT('the client has set ', @rev_set, ' for this session, which a run would not; ${ADVICE}')`,
}

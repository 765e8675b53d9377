const NO_BACKSLASH = ',NO_BACKSLASH_ESCAPES,'
// A client may have a mode of its own; what the server sets for every connection, a run's has, too.
const MODES = {
  server: `IF(@@GLOBAL.init_connect LIKE '%sql_mode%', @@SESSION.sql_mode, @@GLOBAL.sql_mode)`,
  session: '@@SESSION.sql_mode',
}

/**
 * Gives the session the SQL mode of the server's connections, or leaves it its own, and has it read strings as a script
 * writes them; without a semicolon. The driver always sets IGNORE_SPACE, and Knex writes backslashes as escapes into
 * defaults and comments.
 */
export function setSqlMode(whose: keyof typeof MODES): string {
  const mode = `CONCAT(',', ${MODES[whose]}, ',IGNORE_SPACE,')`
  return `SET SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(${mode}, '${NO_BACKSLASH}', ','))`
}

const NO_BACKSLASH = ',NO_BACKSLASH_ESCAPES,'
// The driver always sets IGNORE_SPACE, and Knex writes backslashes as escapes into defaults and comments.
const SQL_MODE = `TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ',IGNORE_SPACE,'), '${NO_BACKSLASH}', ','))`

/** Has the session read strings as a script writes them, without a semicolon. The rest of the mode stays. */
export const SET_SQL_MODE: string = `SET SESSION sql_mode = ${SQL_MODE}`

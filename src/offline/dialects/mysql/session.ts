import { MYSQL_CLOCK_IS_SET, MYSQL_VARIABLES } from '../../../database/session-settings.ts'

// MySQL lets few users set it, and whoever could not has not changed it.
const RESTRICTED = 'auto_increment_increment'

const settable = MYSQL_VARIABLES.filter((name) => name !== RESTRICTED)

/** Remembers the settings that a revision may change, as an online run does. */
export function rememberSettings(): string {
  return `SET\n  ${MYSQL_VARIABLES.map((name) => `@rev_${name} = @@SESSION.${name}`).join(',\n  ')};\n`
}

/** Remembers the role; not for MySQL 5.7, which has none. */
export const REMEMBER_ROLE = 'SET @rev_current_role = CURRENT_ROLE();\n'

/** Brings the settings back to what they were. */
export function restoreSettings(): string {
  return `SET\n  ${settable.map((name) => `SESSION ${name} = @rev_${name}`).join(',\n  ')};\n`
}

/** SQL for the statement that brings back what only some users may set. */
export const RESTORE_RESTRICTED = `IF(@@SESSION.${RESTRICTED} = @rev_${RESTRICTED}, 'DO 0', 'SET SESSION ${RESTRICTED} = @rev_${RESTRICTED}')`

/** SQL for the statement that has the session's clock go with the server's again; only some users may set it. */
export const RESTORE_CLOCK = `IF(${MYSQL_CLOCK_IS_SET}, 'SET SESSION timestamp = DEFAULT', 'DO 0')`

// MySQL answers quoted names with their hosts, or NONE; MariaDB one bare name, or NULL.
const BACK = `IF(LEFT(@rev_current_role, 1) = '\`', @rev_current_role, CONCAT('\`', REPLACE(@rev_current_role, '\`', '\`\`'), '\`'))`

/** SQL for the statement that takes the role back that the session had. */
export const RESTORE_ROLE = `IF(IFNULL(@rev_current_role, 'NONE') = 'NONE', 'SET ROLE NONE', CONCAT('SET ROLE ', ${BACK}))`

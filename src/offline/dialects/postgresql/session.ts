import { doBlock, fixed, refuseIf } from './sql-text.ts'

/** Remembers what was set in this session, for `restoreSession`; the last thing before the first step. For PL/pgSQL. */
export const REMEMBER_SESSION = [
  `PERFORM set_config('rev.session', json_object_agg(name, setting)::text, false) FROM (`,
  `  SELECT name, setting FROM pg_settings WHERE source = 'session' AND context IN ('user', 'superuser')`,
  `  UNION ALL VALUES ('session_authorization', current_setting('session_authorization'))`,
  `  UNION ALL VALUES ('role', current_setting('role'))) AS was (name, setting);`,
]

/** Brings back what a revision has set, as after an online step. */
export function restoreSession(revision: string): string {
  const lost = `revision ${fixed(revision)} has reset the session (RESET ALL or DISCARD), and a script cannot bring it back`
  return `-- What the revision has set must reach neither rev's own statements nor the next revision.\n${doBlock(
    'DECLARE',
    `  was constant json := nullif(current_setting('rev.session', true), '')::json;`,
    'BEGIN',
    ...refuseIf('  ', 'was IS NULL', { message: lost }),
    // A change of who the session is takes its role back, and other settings may be settable by that role only.
    `  IF current_setting('session_authorization') <> was ->> 'session_authorization' THEN`,
    `    PERFORM set_config('session_authorization', was ->> 'session_authorization', false);`,
    '  END IF;',
    `  IF current_setting('role') <> was ->> 'role' THEN`,
    `    PERFORM set_config('role', was ->> 'role', false);`,
    '  END IF;',
    '  PERFORM set_config(name, coalesce(was ->> name, reset_val), false) FROM pg_settings',
    `  WHERE (source = 'session' OR was ->> name IS NOT NULL) AND context IN ('user', 'superuser')`,
    `    AND name NOT IN ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')`,
    '    AND setting IS DISTINCT FROM coalesce(was ->> name, reset_val);',
  )}`
}

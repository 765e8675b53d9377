// `innodb_lock_wait_timeout` is one of them, too.
const LIMIT_SETTING =
  /lock_timeout|lock_wait_timeout|busy_timeout|statement_timeout|max_statement_time|max_execution_time/gi

/** Adds the time limits that a statement sets by SQL of its own, by the names of their settings. */
export function noteLimits(sql: string, names: Set<string>): void {
  if (!/\b(?:set|reset|set_config|pragma)\b/i.test(sql)) return
  for (const [name] of sql.matchAll(LIMIT_SETTING)) names.add(name.toLowerCase())
}

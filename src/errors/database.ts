import { entry } from './define.ts'

/** Connecting, the version table, the lock. */
export const databaseErrors = {
  REV_DATABASE_ROW_MISMATCH: entry<{ table: string; expected: string; found: number }>({
    exit: 1,
    message: ({ table, expected, found }) =>
      `a change of the version table ${table} (${expected}) matched ${found} rows instead of one; another run may have changed it.`,
    hint: () => 'look at the rows with: rev current',
  }),
}

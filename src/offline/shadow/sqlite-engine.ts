import type { ShadowEngine } from './engine.ts'

/** SQLite needs nothing but the project's own driver. */
export const sqliteEngine: ShadowEngine = {
  kind: 'sqlite',
  name: 'SQLite in memory',
  connection: { filename: ':memory:' },
  // What is in memory has no file.
  proof: { sql: "select file as answer from pragma_database_list where name = 'main'", answer: '' },
  close: async () => {},
}

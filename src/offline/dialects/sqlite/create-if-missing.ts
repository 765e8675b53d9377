/** The statement as one that does nothing where the table is there. */
export function createIfMissing(ddl: string): string {
  return `${ddl.replace(/^create table /, 'CREATE TABLE IF NOT EXISTS ')};\n`
}

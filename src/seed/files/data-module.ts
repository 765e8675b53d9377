import { createReadStream, readFileSync } from 'node:fs'
import { readCommentHeader } from './comment-header.ts'
import type { RowSource, SeedContext, SeedModule } from './seed-module.ts'

type Row = Record<string, unknown>

/** Where the rows of a data file go. */
export interface DataTarget {
  readonly file: string
  readonly table: string
  readonly key: readonly string[]
}

/** A seed that brings a table to what a file of rows says. */
export function dataModule({ table, key }: DataTarget, rows: () => RowSource<Row>): SeedModule {
  const run = (_knex: unknown, context: SeedContext) => context.upsert(table, rows(), { key })
  return { run, undo: undefined, transaction: true }
}

/** The rows of a CSV file as they are read; an empty field is NULL, an empty text in quotes is one. */
export async function* csvRows(file: string): AsyncGenerator<Row> {
  const { parse } = await import('csv-parse')
  const { lines } = readCommentHeader(readFileSync(file, 'utf8'), '#')
  const parser = parse({
    bom: true,
    columns: (names: string[]) => names.map((name) => name.trim()),
    from_line: lines + 1,
    skip_empty_lines: true,
    cast: (value, { header, quoting }) => (value === '' && !header && !quoting ? null : value),
  })
  const source = createReadStream(file, 'utf8')
  source.on('error', (error) => parser.destroy(error))
  yield* source.pipe(parser) as AsyncIterable<Row>
}

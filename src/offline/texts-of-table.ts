import type { TableBuilder } from '../database/handle/knex-internals.ts'

/** SQL that stands in the definition of a table as the revision gave it, beside raw pieces. */
export function textsOfTable({ _statements }: TableBuilder): unknown[] {
  return _statements.flatMap(({ grouping, method, args, builder }) => {
    if (method === 'check') return args?.[0]
    return grouping === 'columns' && /^specifictype$/i.test(builder?._type ?? '') ? builder?._args[1] : []
  })
}

import type { Knex } from 'knex'
import type { RevOptions } from '../settings.ts'

declare module 'knex' {
  namespace Knex {
    // The type parameter has to be declared as Knex declares it, or the two declarations do not merge.
    // biome-ignore lint/suspicious/noExplicitAny: see above
    interface Config<SV extends {} = any> {
      /** Settings of rev. */
      rev?: RevOptions
      /** Several databases in place of one, by name: each has what stands beside them, too, unless it says otherwise. */
      databases?: Readonly<Record<string, Knex.Config>>
    }
  }
}

/**
 * What a knexfile may give: one configuration, or one for each environment (beside them `rev` holds settings that all
 * of them share, and `databases` lists those that are databases of one project), or a function or promise that leads to
 * either.
 */
export type KnexfileConfig =
  | Knex.Config
  | { readonly [environment: string]: Knex.Config | RevOptions | DatabaseList }
  | Promise<KnexfileConfig>
  | (() => KnexfileConfig)

/** The environments that are databases of one project. */
type DatabaseList = readonly string[]

// An interface has no index signature, so its properties are asked one by one.
type Environments<T> = object & { readonly [Name in keyof T]: Knex.Config | RevOptions | DatabaseList }

/** Gives a knexfile its types without changing it: `export default defineConfig({ development: { ... } })`. */
export function defineConfig<T extends KnexfileConfig | Environments<T>>(config: T): T {
  return config
}

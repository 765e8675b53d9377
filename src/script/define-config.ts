import type { Knex } from 'knex'
import type { RevOptions } from '../settings.ts'

declare module 'knex' {
  namespace Knex {
    // The type parameter has to be declared as Knex declares it, or the two declarations do not merge.
    // biome-ignore lint/suspicious/noExplicitAny: see above
    interface Config<SV extends {} = any> {
      /** Settings of rev. */
      rev?: RevOptions
    }
  }
}

/**
 * What a knexfile may give: one configuration, or one for each environment (beside them `rev` holds settings that all
 * of them share), or a function or promise that leads to either.
 */
export type KnexfileConfig =
  | Knex.Config
  | { readonly [environment: string]: Knex.Config | RevOptions }
  | Promise<KnexfileConfig>
  | (() => KnexfileConfig)

// An interface has no index signature, so its properties are asked one by one.
type Environments<T> = object & { readonly [Name in keyof T]: Knex.Config | RevOptions }

/** Gives a knexfile its types without changing it: `export default defineConfig({ development: { ... } })`. */
export function defineConfig<T extends KnexfileConfig | Environments<T>>(config: T): T {
  return config
}

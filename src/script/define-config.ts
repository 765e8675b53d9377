import type { Knex } from 'knex'
import type { RevOptions } from '../settings.ts'

declare module 'knex' {
  namespace Knex {
    // The parameters have to be named as Knex names them, or the two declarations are not one.
    // biome-ignore lint/suspicious/noExplicitAny: Knex's own default.
    interface Config<SV extends {} = any> {
      /** Settings of rev. */
      rev?: RevOptions
    }
  }
}

/** One environment, or several by name. */
export type KnexfileConfig = Knex.Config | { readonly [environment: string]: Knex.Config }

/** Gives its argument back, checked by the compiler: for `export default defineConfig({ ... })` in a knexfile. */
export function defineConfig<const T extends KnexfileConfig>(config: T): T {
  return config
}

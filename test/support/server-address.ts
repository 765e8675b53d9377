/** Where a database server listens and as whom the suites come in. Plain data: it travels from the main process to the workers. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
  /** A unix socket (MySQL: the file, PostgreSQL: its folder); used instead of host and port. */
  readonly socket?: string
  readonly user: string
  readonly password: string
  /** A database that exists already, to connect to when creating and dropping others. */
  readonly maintenanceDatabase: string
}

/** A server, or why there is none. */
export type ServerOrReason = { readonly address: ServerAddress } | { readonly missing: string }

export interface Servers {
  readonly postgresql: ServerOrReason
  readonly mysql: ServerOrReason
}

declare module 'vitest' {
  export interface ProvidedContext {
    servers: Servers
  }
}

/** Reads the address out of `postgres://user:password@host:port/database` or `mysql://...`. */
export function addressFromUrl(
  text: string,
  defaults: { port: number; user: string; database: string },
): ServerAddress {
  const url = new URL(text)
  const socket = url.searchParams.get('host') ?? url.searchParams.get('socketPath') ?? undefined
  return {
    host: url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: url.port ? Number(url.port) : defaults.port,
    ...(socket ? { socket } : {}),
    user: decodeURIComponent(url.username) || defaults.user,
    password: decodeURIComponent(url.password),
    maintenanceDatabase: decodeURIComponent(url.pathname.slice(1)) || defaults.database,
  }
}

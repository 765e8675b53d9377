import { createServer, connect as openSocket, type Socket } from 'node:net'
import type { ServerAddress } from '../support/server-address.ts'

/** When the line is cut. */
export interface Cut {
  /** Counts only what the client sends that matches; default: everything that it sends. */
  readonly word?: RegExp
  readonly nth: number
  /** `before`: the server never gets it; `after`: the server gets it, and the client no answer. */
  readonly side: 'before' | 'after'
}

/** Stands between rev and a server. */
export interface LineProxy {
  readonly port: number
  /** The next cut; it happens once. All lines are cut at once, as when a network fails. */
  arm(cut: Cut): void
  /** Whether the cut has happened; then it happens no more, in any case. */
  disarm(): boolean
  stop(): Promise<void>
}

export async function createProxy({ host, port, socket }: ServerAddress): Promise<LineProxy> {
  const lines = new Set<Socket>()
  let armed: Cut | undefined
  let seen = 0
  let isCut = false

  const cutNow = (): void => {
    isCut = true
    armed = undefined
    for (const line of lines) line.destroy()
  }
  /** Whether the line is to be cut because of this. */
  const counts = (data: Buffer): boolean => {
    if (armed === undefined || (armed.word !== undefined && !armed.word.test(data.toString('latin1')))) return false
    seen++
    return seen === armed.nth
  }
  const server = createServer((client) => {
    const upstream = socket ? openSocket(socket) : openSocket(port, host)
    client.setNoDelay(true)
    upstream.setNoDelay(true)
    for (const line of [client, upstream]) {
      lines.add(line)
      line.on('error', () => {}).on('close', () => lines.delete(line))
    }
    upstream.on('data', (data) => client.write(data)).on('close', () => client.destroy())
    client.on('close', () => upstream.end())
    client.on('data', (data) => {
      if (!counts(data)) return void upstream.write(data)
      if (armed?.side === 'before') return cutNow()
      // It has left for the server before the line is closed behind it.
      upstream.write(data, () => {
        client.destroy()
        upstream.end()
        isCut = true
        armed = undefined
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return {
    port: bound.port,
    arm(cut) {
      armed = cut
      seen = 0
      isCut = false
    },
    disarm() {
      armed = undefined
      return isCut
    },
    async stop() {
      for (const line of lines) line.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

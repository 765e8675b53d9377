import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ServerAddress } from './server-address.ts'

/** A port in front of a server, on which nobody listens before `start` is called. */
export interface LateServer {
  readonly port: number
  start(): Promise<void>
  /** Nobody listens any more, and everybody who is connected is cut off. */
  stop(): Promise<void>
}

export async function lateServer({ host, port, socket }: ServerAddress): Promise<LateServer> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = socket === undefined || socket === '' ? connect(port, host) : connect(socket)
    for (const one of [client, upstream]) {
      sockets.add(one)
      one.on('error', () => {}).on('close', () => sockets.delete(one))
    }
    client.pipe(upstream).pipe(client)
  })
  const listen = (at: number): Promise<void> => new Promise((resolve) => server.listen(at, '127.0.0.1', resolve))
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const one of sockets) one.destroy()
    await closed
  }
  await listen(0)
  const bound = server.address()
  await stop()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  onTestFinished(() => stop())
  return { port: bound.port, start: () => listen(bound.port), stop }
}

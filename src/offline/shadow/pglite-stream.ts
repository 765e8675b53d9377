import { Duplex } from 'node:stream'

/** Hands whole messages of the wire protocol to a server and gives back what it says to them. */
export type Exchange = (messages: Uint8Array) => Promise<Uint8Array>

const LENGTH_BYTES = 4
const TERMINATE = 'X'
// After these the server answers; the others only prepare what is answered then.
const ANSWERED = 'QSHFcf'

/**
 * What a driver of PostgreSQL takes for the socket of a server. The driver's messages are handed over in portions that
 * are answered as one; the first message, which opens the session, has no letter before its length.
 */
export class PgliteStream extends Duplex {
  readonly #exchange: Exchange
  #unread: Buffer = Buffer.alloc(0)
  #portion: Buffer[] = []
  #isOpen = false

  constructor(exchange: Exchange) {
    super()
    this.#exchange = exchange
  }

  /** What a socket has besides, as far as the driver asks for it. */
  connect(): this {
    queueMicrotask(() => this.emit('connect'))
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#take(chunk).then(() => done(), done)
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  async #take(chunk: Buffer): Promise<void> {
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk])
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      const letter = this.#isOpen ? String.fromCharCode(message[0] ?? 0) : ''
      if (letter === TERMINATE) continue
      this.#portion.push(message)
      if (this.#isOpen && !ANSWERED.includes(letter)) continue
      this.#isOpen = true
      const portion = Buffer.concat(this.#portion)
      this.#portion = []
      this.push(Buffer.from(await this.#exchange(portion)))
    }
  }

  #next(): Buffer | undefined {
    const start = this.#isOpen ? 1 : 0
    if (this.#unread.length < start + LENGTH_BYTES) return undefined
    const end = start + this.#unread.readInt32BE(start)
    if (this.#unread.length < end) return undefined
    const message = this.#unread.subarray(0, end)
    this.#unread = this.#unread.subarray(end)
    return message
  }
}

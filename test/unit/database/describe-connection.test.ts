import { describe, expect, test } from 'vitest'
import { readConnection, toDescription } from '../../../src/database/describe-connection.ts'

describe('readConnection', () => {
  test('reads a URL with everything in it', () => {
    expect(readConnection('postgres://me:s%40cret@db.example:5433/shop?ssl=true')).toEqual({
      host: 'db.example',
      port: 5433,
      database: 'shop',
      user: 'me',
      secrets: ['s%40cret'],
    })
  })

  test('finds a password that holds the characters a URL is made of', () => {
    for (const password of ['a#b', 'a/b', 'a@b', 'a%b', 'a:b', 'a?b']) {
      const facts = readConnection(`mysql://me:${password}@db:3306/shop`)

      expect(facts).toMatchObject({ host: 'db', port: 3306, database: 'shop', user: 'me', secrets: [password] })
    }
  })

  test('reads a URL without user, port or database', () => {
    expect(readConnection('postgres://db.example')).toEqual({
      host: 'db.example',
      port: undefined,
      database: undefined,
      user: undefined,
      secrets: [],
    })
  })

  test('reads an IPv6 host', () => {
    expect(readConnection('postgres://me@[::1]:5432/shop')).toMatchObject({ host: '[::1]', port: 5432, user: 'me' })
  })

  test('reads passwords and sockets from the parameters of a URL', () => {
    expect(readConnection('postgres:///shop?host=/var/run&user=me&password=hunter2')).toMatchObject({
      host: '/var/run',
      user: 'me',
      database: 'shop',
      secrets: ['hunter2'],
    })
  })

  test('reads an object, with its port as text', () => {
    expect(
      readConnection({ host: 'db', port: '5432', user: 'me', password: 'hunter2', database: 'shop', ssl: true }),
    ).toMatchObject({ host: 'db', port: 5432, user: 'me', database: 'shop', secrets: ['hunter2'] })
  })

  test('reads a connectionString inside an object, whose own settings win', () => {
    expect(
      readConnection({ connectionString: 'postgres://me:one@db:5432/shop', password: 'two', database: 'other' }),
    ).toMatchObject({ host: 'db', user: 'me', database: 'other', secrets: ['two', 'one'] })
  })

  test('names the socket instead of host and port', () => {
    expect(readConnection({ socketPath: '/run/mysqld.sock', port: 3306, user: 'me' })).toMatchObject({
      host: '/run/mysqld.sock',
      port: undefined,
    })
  })

  test('takes a bare text for a SQLite file', () => {
    expect(readConnection('./dev.sqlite3')).toEqual({ filename: './dev.sqlite3', secrets: [] })
  })

  test('does not take a URL that is written wrongly for a file that may be shown', () => {
    const facts = readConnection('postgres:/ada:pass@word@db.example/shop')

    expect(facts.filename).toBeUndefined()
    expect(facts.secrets).toContain('pass@word')
  })

  test('takes a file name with an @ for a file', () => {
    expect(readConnection('./data@home.sqlite3').filename).toBe('./data@home.sqlite3')
    expect(readConnection('file:./data@home.sqlite3').filename).toBe('file:./data@home.sqlite3')
  })

  test('gives nothing for a function, and calls it not', () => {
    let called = false
    const facts = readConnection(() => {
      called = true
    })

    expect(facts).toEqual({ secrets: [] })
    expect(called).toBe(false)
  })
})

describe('toDescription', () => {
  test('says where a server is in few words', () => {
    const facts = readConnection('postgres://me:hunter2@db.example:5433/shop')

    expect(toDescription('pg', facts).text).toBe('me@db.example:5433/shop')
  })

  test('says the file of SQLite, and the client when nothing else is known', () => {
    expect(toDescription('better-sqlite3', readConnection({ filename: ':memory:' })).text).toBe(':memory:')
    expect(toDescription('pg', { secrets: [] }).text).toBe('pg')
  })
})

import { describe, expect, test } from 'vitest'
import { readUrl } from '../../../src/database/connection-url.ts'

describe('a URL that can be read in one way only', () => {
  test.each([
    ['postgres://me:pw@db:5432/shop?ssl=true', 'me:pw', 'db:5432', '/shop', '?ssl=true'],
    ['postgres://db', '', 'db', '', ''],
    ['postgres:///shop?host=/var/run/postgresql', '', '', '/shop', '?host=/var/run/postgresql'],
    ['postgres://me:pw@/shop?host=/var/run', 'me:pw', '', '/shop', '?host=/var/run'],
    // Two of them in the authority: every driver takes the last.
    ['mysql://me:a@b@db/shop', 'me:a@b', 'db', '/shop', ''],
    ['postgres://me:pw@one,two/shop', 'me:pw', 'one,two', '/shop', ''],
    ['postgres://me:a%2Fb%40c%3Fd@db/shop?x=e%40f', 'me:a%2Fb%40c%3Fd', 'db', '/shop', '?x=e%40f'],
    ['postgres://me:pw@db/shop?application_name=a@b', 'me:pw', 'db', '/shop', '?application_name=a@b'],
    [
      'postgres://db:5432/shop?sslmode=require&user=me@db&ssl=1',
      '',
      'db:5432',
      '/shop',
      '?sslmode=require&user=me@db&ssl=1',
    ],
    ['postgres://db:5432?user=me@db&password=p@ss', '', 'db:5432', '', '?user=me@db&password=p@ss'],
    // No colon, so no password.
    ['postgres://db/shop?whatever=a@b', '', 'db', '/shop', '?whatever=a@b'],
    ['duckdb:///data/a@b.db', '', '', '/data/a@b.db', ''],
    ['sqlite3:///data:1/a@b.sqlite', '', '', '/data:1/a@b.sqlite', ''],
    ['file://data:1/a@b.sqlite?x#y', '', 'data:1', '/a@b.sqlite', '?x#y'],
  ])('%s', (text, credentials, authority, path, query) => {
    expect(readUrl(text)).toMatchObject({ credentials, authority, path, query, isClear: true })
  })
})

describe('a URL that may be cut in the middle of a password', () => {
  test.each([
    ['postgres://me:1234/SECRET@db:5432/shop', 'me:1234/SECRET'],
    ['mysql://me:1234?SECRET@db:5432/shop', 'me:1234?SECRET'],
    ['mysql://me:1234?SEC=RET@db:5432/shop', 'me:1234?SEC=RET'],
    ['mysql://me:p@SECRET/x@db:5432/shop', 'me:p@SECRET/x'],
    ['mysql://me:p@SECRET?x@db:5432/shop', 'me:p@SECRET?x'],
    ['mysql://me:1/2?SECRET@db:5432/shop', 'me:1/2?SECRET'],
    ['mysql://me:1?2/SECRET@db:5432/shop', 'me:1?2/SECRET'],
    ['mysql://me:12#SECRET@db:5432/shop', 'me:12#SECRET'],
    ['mysql://me/x:SECRET@db:5432/shop', 'me/x:SECRET'],
    ['mysql:///me:SECRET@db:5432/shop', '/me:SECRET'],
    ['mysql://scott/SECRET@db:5432/shop', 'scott/SECRET'],
    [' postgres://me:1234/SECRET@db:5432/shop', 'me:1234/SECRET'],
  ])('%s', (text, credentials) => {
    expect(readUrl(text)).toMatchObject({ credentials, authority: 'db:5432', path: '/shop', query: '', isClear: false })
  })

  test('also where the rest of it has parameters', () => {
    const text = 'mysql://me:1234/SECRET@db:5432/shop?application_name=a%40b'

    expect(readUrl(text)).toMatchObject({
      credentials: 'me:1234/SECRET',
      query: '?application_name=a%40b',
      isClear: false,
    })
  })
})

test('what is no URL', () => {
  for (const text of ['./dev.sqlite3', '/data/a@b.sqlite', 'postgres:/me:pw@db', 'file:dev.sqlite3', '']) {
    expect(readUrl(text)).toBeUndefined()
  }
})

/**
 * Somebody who may do everything, so that the others can be let in.
 *
 * The password is what ADMIN_PASSWORD says; without it one is made up and told once. Only its hash is kept.
 */
import { randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import type { Knex } from 'knex'
import type { SeedContext } from 'knex-rev'

export const seed = 'admin'
export const depends_on = ['d70c3e91b5a8', 'f3a82c5d6e19']

export async function run(knex: Knex, { insertMissing, log }: SeedContext): Promise<{ email: string }> {
  // A variable that is set to nothing is not set: an empty password would let anybody in.
  const email = process.env.ADMIN_EMAIL || 'admin@example.com'
  const given = process.env.ADMIN_PASSWORD || undefined
  const password = given ?? randomBytes(12).toString('base64url')
  const admin = {
    email,
    email_key: email.normalize('NFKC').toLowerCase(),
    role: 'admin',
    password_hash: await hashOf(password),
    email_verified_at: knex.fn.now(),
  }
  const { inserted } = await insertMissing('users', [admin], { key: 'email_key' })
  if (inserted === 1 && given === undefined) log(`${email} has the password ${password}, which is told only now`)
  if (inserted === 0) log(`${email} was there already, and keeps the password`)
  return { email }
}

async function hashOf(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = (await promisify(scrypt)(password, salt, 32)) as Buffer
  return `scrypt:${salt.toString('hex')}:${hash.toString('hex')}`
}

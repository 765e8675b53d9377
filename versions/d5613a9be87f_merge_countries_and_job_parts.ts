/**
 * merge countries and job parts
 *
 * Two features were written at the same time, both on top of the profiles.
 */
import type { Knex } from 'knex'

export const revision = 'd5613a9be87f'
export const down_revision = ['b836f10d7c42', '78c0e4d25fb1']

export async function upgrade(_knex: Knex): Promise<void> {}

export async function downgrade(_knex: Knex): Promise<void> {}

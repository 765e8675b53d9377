/**
 * merge billing
 *
 * From here on billing is released together with the rest.
 */
import type { Knex } from 'knex'

export const revision = 'a40f7de3186b'
export const down_revision = ['f3a82c5d6e19', '3ce05b97f82d']

export async function upgrade(_knex: Knex): Promise<void> {}

export async function downgrade(_knex: Knex): Promise<void> {}

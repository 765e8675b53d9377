import type { SchemaRead } from './reads/schema-read.ts'
export const toSchemaRead = (_query: object, _family: string): SchemaRead | undefined => undefined
export const fingerprintOf = (_read: SchemaRead, _family: string, _response: unknown): string | undefined => undefined
export const subjectOf = (read: SchemaRead): string => read.sql

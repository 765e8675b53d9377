/** A schema as text. */
export interface SchemaDump {
  readonly sql: string
  /** What wrote it; undefined for rev itself. */
  readonly program: string | undefined
}

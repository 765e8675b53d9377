import { describe, expect, it } from 'vitest'
import { findColumnDefinition, withNullability } from '../../../../src/database/handle/mysql-definition.ts'

const createTable = [
  'CREATE TABLE `t` (',
  '  `id` int NOT NULL AUTO_INCREMENT,',
  "  `a``b` varchar(10) COLLATE utf8mb4_bin DEFAULT 'x, y',",
  '  `Last` text',
  ') ENGINE=InnoDB',
].join('\n')

describe('the definition of a column', () => {
  it.each([
    ['`id`', 'int NOT NULL AUTO_INCREMENT'],
    ['`ID`', 'int NOT NULL AUTO_INCREMENT'],
    ['`a``b`', "varchar(10) COLLATE utf8mb4_bin DEFAULT 'x, y'"],
    ['`last`', 'text'],
    ['`i`', undefined],
  ])('is found by its name: %s', (name, definition) => {
    expect(findColumnDefinition(createTable, name)).toBe(definition)
  })

  it('is found in double quotes, too', () => {
    expect(findColumnDefinition('CREATE TABLE "t" (\n  "a""`b" int NOT NULL\n)', '`a"``b`')).toBe('int NOT NULL')
  })

  it.each([
    [
      "decimal(10,2) unsigned NOT NULL DEFAULT 1.50 COMMENT 'NOT NULL'",
      "decimal(10,2) unsigned NULL DEFAULT 1.50 COMMENT 'NOT NULL'",
    ],
    ["enum('NOT NULL') DEFAULT NULL", "enum('NOT NULL') DEFAULT NULL"],
    [
      'int GENERATED ALWAYS AS (ifnull(`a`,NOT NULL)) VIRTUAL NOT NULL',
      'int GENERATED ALWAYS AS (ifnull(`a`,NOT NULL)) VIRTUAL NULL',
    ],
  ])('may be NULL: %s', (definition, nullable) => {
    expect(withNullability(definition, true)).toBe(nullable)
  })

  it.each([
    ['int DEFAULT NULL', 'int NOT NULL'],
    ["int DEFAULT NULL COMMENT 'DEFAULT NULL'", "int NOT NULL COMMENT 'DEFAULT NULL'"],
    ['timestamp NULL DEFAULT NULL', 'timestamp NOT NULL'],
    ['timestamp NULL DEFAULT current_timestamp()', 'timestamp NOT NULL DEFAULT current_timestamp()'],
    ["varchar(5) DEFAULT 'NULL'", "varchar(5) NOT NULL DEFAULT 'NULL'"],
    ['text', 'text NOT NULL'],
    ["text COMMENT 'x'", "text NOT NULL COMMENT 'x'"],
    ['json DEFAULT NULL CHECK (json_valid(`j`))', 'json NOT NULL CHECK (json_valid(`j`))'],
    ['int /*!80023 INVISIBLE */', 'int NOT NULL /*!80023 INVISIBLE */'],
    ['int NOT NULL DEFAULT 1', 'int NOT NULL DEFAULT 1'],
  ])('may not be NULL: %s', (definition, strict) => {
    expect(withNullability(definition, false)).toBe(strict)
  })
})

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scanRevisionHeader } from '../../src/script/revision-header.ts'
import { millisecondsOf } from '../support/milliseconds-of.ts'
import { tempDirectory } from '../support/temp-project.ts'
import { corpus } from '../unit/script/header-corpus.ts'

test('reading the header from the text of a file costs little more than reading the file', () => {
  const directory = tempDirectory()
  const text = corpus[0]?.text ?? ''
  const files = Array.from({ length: 1000 }, (_, index) => join(directory, `${index}.ts`))
  for (const file of files) writeFileSync(file, text)

  const reading = millisecondsOf(() => files.forEach((file) => void readFileSync(file, 'utf8')))
  const scanning = millisecondsOf(() => files.forEach(() => void scanRevisionHeader(text)))

  expect(scanning / reading).toBeLessThan(10)
})

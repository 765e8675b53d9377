import { type ChecksumPair, type IntegrityFinding, integrityFindings } from '../../errors/integrity-findings.ts'
import { compareChecksums, type RecordedChecksum, readRecordedChecksum } from '../../script/recorded-checksum.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import type { LoggedState } from './logged-state.ts'

/** How applied files stand to what was applied. */
export interface FileComparison {
  /** How many files were compared. */
  readonly compared: number
  readonly findings: readonly IntegrityFinding[]
}

/** Compares the files of these revisions, which are applied, with what the log kept of them when they were. */
export function compareFiles(
  scripts: RevisionScripts,
  applied: Iterable<string>,
  { upgraded }: LoggedState,
): FileComparison {
  const findings: IntegrityFinding[] = []
  const notComparable: string[] = []
  let compared = 0
  for (const revision of applied) {
    const checksum = upgraded.get(revision)?.checksum
    const recorded = checksum === undefined ? undefined : readRecordedChecksum(checksum)
    const script = scripts.get(revision)
    const text = script.checksum()
    if (recorded === undefined || text === undefined) continue
    compared += 1
    // Splitting a file into its code costs more than reading it.
    if (recorded.text === text) continue
    const now = readRecordedChecksum(script.recordedChecksum() ?? '')
    if (now === undefined) continue
    const comparison = compareChecksums(recorded, now)
    const at = { revision, file: script.file }
    if (comparison === 'not-comparable') notComparable.push(revision)
    else if (comparison === 'cosmetic') findings.push(integrityFindings.cosmeticEdit(at, pairOf(recorded, now)))
    else if (comparison === 'edited') findings.push(integrityFindings.edited(at, pairOf(recorded, now)))
  }
  if (notComparable.length > 0) findings.push(integrityFindings.notComparable(notComparable))
  return { compared: compared - notComparable.length, findings }
}

function pairOf(recorded: RecordedChecksum, now: RecordedChecksum): ChecksumPair {
  const bothCodes = recorded.code !== undefined && now.code !== undefined && recorded.code !== now.code
  const [was, is] = bothCodes ? [`code ${recorded.code}`, `code ${now.code}`] : [recorded.text, now.text]
  return { recorded: wordsOf(recorded), found: wordsOf(now), was: short(was), is: short(is) }
}

const short = (checksum: string): string => checksum.slice(0, checksum.search(/[\da-f]{64}/) + 12)

function wordsOf({ text, code, extension }: RecordedChecksum): string {
  return [text, ...(code === undefined ? [] : [`code:${code}`]), ...(extension === undefined ? [] : [extension])].join(
    ' ',
  )
}

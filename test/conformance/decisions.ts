/** What rev answers where it does not answer as Alembic. */
export interface Decided {
  /** The number of the decision in docs/decisions.md. */
  readonly decision: `R${number}`
  /** The code of the error; with `problem`, the fault of the graph. */
  readonly error?: string
  readonly problem?: string
  /** The version rows at the end. */
  readonly rows?: readonly string[]
  /** The steps, in order. */
  readonly steps?: readonly string[]
  /** The listing, in order. */
  readonly ids?: readonly string[]
  /** Labels that revisions have in rev and not in Alembic; all others are the same. */
  readonly labels?: Readonly<Record<string, readonly string[]>>
}

const invalid = (decision: Decided['decision'], problem: string): Decided => ({
  decision,
  error: 'REV_GRAPH_INVALID',
  problem,
})
const illegalLabel = invalid('R1', 'REV_GRAPH_ILLEGAL_LABEL')
const duplicateId = invalid('R2', 'REV_FILE_DUPLICATE_REVISION')
const severalRows: Decided = { decision: 'R6', error: 'REV_GRAPH_AMBIGUOUS_START' }
const overlapping: Decided = { decision: 'R8', error: 'REV_GRAPH_OVERLAPPING_TARGETS' }
const nothingToUndo = (row: string): Decided => ({ decision: 'R7', steps: [], rows: [row] })
const rows = (decision: Decided['decision'], ...found: string[]): Decided => ({ decision, rows: found })

/** Every recorded case in which rev does not answer as Alembic, by its id. */
export const decisions: Readonly<Record<string, Decided>> = {
  'hand-0598': illegalLabel,
  'hand-0599': illegalLabel,
  'hand-0600': illegalLabel,
  'hand-0601': illegalLabel,

  'hand-0657': duplicateId,
  'hand-0658': duplicateId,
  'hand-0659': duplicateId,

  'hand-0028': { decision: 'R5', error: 'REV_GRAPH_BAD_TARGET' },
  'hand-0555': { decision: 'R5', ids: ['quirkyname'] },
  'hand-0567': { decision: 'R5', ids: ['f', 'quirkyname', 'e'] },
  'hand-0620': { decision: 'R5', error: 'REV_GRAPH_NO_START' },
  'hand-0706': { decision: 'R5', error: 'REV_GRAPH_AMBIGUOUS_STEP' },
  'hand-0707': rows('R5', 'pear1'),
  'rand-0071': rows('R5', '6e7b4b419614'),
  'rand-0091': rows('R5', 'birch76'),
  'rand-0323': rows('R5', 'grape70'),
  'rand-0576': rows('R5', 'teal38'),
  'rand-0945': rows('R5', 'b3cff39e92a4'),
  'rand-1158': rows('R5', 'teal31'),

  'hand-0020': { decision: 'R6', error: 'REV_GRAPH_TOO_FAR' },
  'hand-0554': { decision: 'R6', error: 'REV_GRAPH_TOO_FAR' },
  'hand-0165': severalRows,
  'hand-0166': severalRows,
  'hand-0188': severalRows,
  'hand-0189': severalRows,
  'hand-0190': severalRows,
  'hand-0282': severalRows,
  'rand-0597': severalRows,

  'hand-0032': { decision: 'R7', error: 'REV_GRAPH_UNKNOWN_ROW' },
  'hand-0325': nothingToUndo('p2'),
  'hand-0369': nothingToUndo('yak2'),
  'hand-0408': nothingToUndo('bb5'),
  'hand-0471': nothingToUndo('plum2'),

  'hand-0701': rows('R8', 'pear1', 'plum1'),
  'hand-0715': rows('R8', 'pear1'),
  'hand-0723': rows('R8', 'pear2', 'plum2'),
  'hand-0724': rows('R8', 'pear2', 'plum2'),
  'hand-0726': rows('R8', 'pear1', 'plum1'),
  'hand-0702': overlapping,
  'hand-0716': overlapping,
  'hand-0731': overlapping,
  'rand-0379': overlapping,
  'rand-0479': overlapping,
  'rand-0793': overlapping,
  'rand-0894': overlapping,
  'rand-1362': overlapping,
  'rand-1399': overlapping,

  'hand-0429': { decision: 'R10', labels: { lib1: ['libthree'], lib2: ['libthree'] } },
  'hand-0586': { decision: 'R10', labels: { r1: ['lab'] } },
  'hand-0587': { decision: 'R10', labels: { r1: ['lab'] } },
  'hand-0588': { decision: 'R10', labels: { r1: ['lab'] } },
  'rand-0046': { decision: 'R10', labels: { '0009': ['delta'], '0010': ['delta'] } },

  'hand-0491': { decision: 'R13', ids: ['account3', 'account2'] },

  'hand-0780': rows('R14', '5d77140bb2e9'),
}

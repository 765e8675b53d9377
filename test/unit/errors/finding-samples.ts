import { type IntegrityFinding, integrityFindings } from '../../../src/errors/integrity-findings.ts'

const at = { revision: 'a1', file: '/p/versions/a1_item.ts' }
const without = { revision: 'a1', file: undefined }
const when = '2026-08-01T12:30:05.250Z'
const commit = '0123456789abcdef0123456789abcdef01234567'
const table = 'rev_version'
const pair = { recorded: 'sha256:00 ts', found: 'sha256:11 ts', was: 'sha256:00', is: 'sha256:11' }
const repair = ['delete from rev_version where version_num is null;']

/** Every finding, with and without what it may lack. */
export const everyFinding: readonly IntegrityFinding[] = [
  integrityFindings.edited(at, pair),
  integrityFindings.edited(without, pair),
  integrityFindings.cosmeticEdit(at, pair),
  integrityFindings.notComparable(['a1', 'b1']),
  integrityFindings.fileMissing({ revision: 'a1', when, commit, stampedSince: false }),
  integrityFindings.fileMissing({ revision: 'a1', when, commit: undefined, stampedSince: true }),
  integrityFindings.unknownRow({ revision: 'x', when, commit, directories: ['/p/versions'] }),
  integrityFindings.unknownRow({ revision: 'x', when: undefined, commit: undefined, directories: [] }),
  integrityFindings.notRun(at, 'b1'),
  integrityFindings.takenBack(without, when),
  integrityFindings.overlappingRows('b1', 'a1'),
  integrityFindings.rowsChanged({ table, rows: [], logged: ['a1'], when, isStampable: true }),
  integrityFindings.rowsChanged({ table, rows: ['a1'], logged: [], when, isStampable: false }),
  integrityFindings.tableGone({ table, log: 'rev_event', logged: ['a1'], when, isStampable: true }),
  integrityFindings.tableGone({ table, log: 'rev_event', logged: ['a1'], when, isStampable: false }),
  integrityFindings.alembicTable({ table, alembic: 'alembic_version', rows: ['a1'] }),
  integrityFindings.noColumn({ table, columns: ['version'], isKnex: false, repair }),
  integrityFindings.noColumn({ table, columns: ['name', 'batch', 'migration_time'], isKnex: true, repair: [] }),
  integrityFindings.wrongType({ table, type: 'integer', repair }),
  integrityFindings.tooNarrow({ table, limit: 4, revision: 'aaaa1111', repair }),
  integrityFindings.nullRows({ table, count: 1, repair }),
  integrityFindings.nullRows({ table, count: 2, repair }),
  integrityFindings.duplicateRow({ table, row: 'a1', count: 2, repair }),
  integrityFindings.eventColumns({ table: 'rev_event', missing: ['host'], repair }),
  integrityFindings.metaColumns({ table: 'rev_meta', missing: ['value'], repair }),
  integrityFindings.otherProject({ table: 'rev_meta', recorded: 'shop', configured: 'billing', repair }),
  integrityFindings.newerFormat({ table: 'rev_meta', format: '2', known: 1 }),
  integrityFindings.projectNotSet({ table: 'rev_meta', recorded: 'shop' }),
  integrityFindings.unfinished({ revision: 'a1', direction: 'upgrade', done: 1, unknown: 0, isAtWork: false }),
  integrityFindings.unfinished({ revision: 'a1', direction: 'downgrade', done: 2, unknown: 1, isAtWork: false }),
  integrityFindings.unfinished({ revision: 'a1', direction: 'upgrade', done: 0, unknown: 1, isAtWork: true }),
  integrityFindings.unfinishedByScript({ revision: 'a1', direction: 'upgrade' }),
  integrityFindings.journalColumns({ table: 'rev_step', missing: ['looked'] }),
  integrityFindings.journalHidden({ table: 'rev_step', reason: 'permission denied for table rev_step' }),
  integrityFindings.invalidIndex({ index: 'public.t_n_index', table: 't' }),
]

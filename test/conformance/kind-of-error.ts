import type { Case } from './cases.ts'
import { lineOf } from './oracle.ts'

/** The code that rev has to answer with, and for a graph that cannot be built the code of the fault. */
export interface Kind {
  readonly code: string
  readonly problem?: string
}

const code = (name: string, problem?: string): Kind =>
  problem === undefined ? { code: `REV_GRAPH_${name}` } : { code: `REV_GRAPH_${name}`, problem }
const invalid = (problem: string): Kind => code('INVALID', problem)

/** Translates Alembic's class and words into rev's code, by the kind of the error. */
export function kindOf(found: Case): Kind {
  const { error = '' } = found.expect
  switch (error) {
    case 'MultipleHeads':
      return code('MULTIPLE_HEADS')
    case 'ResolutionError':
      return ofResolution(found)
    case 'RangeNotAncestorError':
      return code(found.command === 'history' ? 'NOT_AN_ANCESTOR' : 'NOT_A_DOWNGRADE_TARGET')
    case 'LoopDetected':
    case 'CycleDetected':
      return invalid('REV_GRAPH_CYCLE')
    case 'DependencyLoopDetected':
    case 'DependencyCycleDetected':
      return invalid('REV_GRAPH_DEPENDENCY_CYCLE')
    case 'RevisionError':
      return ofRevisionError(found)
    case 'CommandError':
      return ofCommand(found)
    default:
      return ofTraceback(found)
  }
}

/** Alembic has one class for what is unknown, ambiguous or elsewhere; the cause tells which. */
function ofResolution({ expect, target, current }: Case): Kind {
  const cause = expect.cause ?? ''
  if (cause.startsWith('Multiple revisions start with')) return code('AMBIGUOUS_PREFIX')
  if (cause.includes('is not a member of branch')) return code('NOT_IN_BRANCH')
  const name = /'([^']*)'/.exec(cause)?.[1] ?? ''
  const isBranch = [target].flat().some((text) => text?.startsWith(`${name}@`))
  if (isBranch) return code('UNKNOWN_BRANCH')
  return code(current.includes(name) ? 'UNKNOWN_ROW' : 'UNKNOWN_REVISION')
}

function ofRevisionError({ expect, command, target, current }: Case): Kind {
  const message = expect.message ?? ''
  if (message === 'Ambiguous walk') return code('AMBIGUOUS_STEP')
  if (message.startsWith('Ambiguous upgrade from multiple')) return code('AMBIGUOUS_START')
  if (message === 'Walked too far') return code('TOO_FAR')
  if (message.startsWith('Not a valid downgrade target')) return code('NOT_A_DOWNGRADE_TARGET')
  if (message.startsWith('Branch name')) return invalid('REV_GRAPH_DUPLICATE_LABEL')
  if (message.startsWith('Character(s)')) return invalid('REV_FILE_ILLEGAL_ID')
  if (message.includes('overlaps with')) return code(current.length > 1 ? 'OVERLAPPING_ROWS' : 'OVERLAPPING_TARGETS')
  const steps = /([+-])(\d+)$/.exec(String(target))
  if (steps?.[2] === '0') return code('BAD_TARGET')
  const forward = command.startsWith('upgrade') ? '+' : '-'
  return code(steps?.[1] === forward ? 'TOO_FAR' : 'WRONG_DIRECTION')
}

function ofCommand({ expect }: Case): Kind {
  const message = expect.message ?? ''
  if (message.startsWith('Duplicate head')) return code('DUPLICATE_HEADS')
  if (message.includes('is not a head revision')) return code('NOT_A_HEAD')
  return code('BAD_RANGE')
}

/** Where Alembic ended with a traceback, the question itself says what is wrong with it. */
function ofTraceback({ command, target, revisions, current }: Case): Kind {
  const has = (name: string): boolean => revisions.some(({ revision }) => revision === name)
  const missing = revisions.some(({ down_revision }) => [down_revision].flat().some((name) => name && !has(name)))
  if (missing) return invalid('REV_GRAPH_MISSING_DOWN_REVISION')
  const isNamed = revisions.every(({ depends_on }) => [depends_on].flat().every((name) => !name || has(name)))
  if (command === 'upgrade' && !isNamed) return invalid('REV_GRAPH_MISSING_DEPENDENCY')
  if (command === 'history' || command.endsWith('_sql')) return code('BAD_RANGE')
  if (command === 'show') return code('BAD_TARGET')
  const branch = /^([^@]+)@-\d+$/.exec(String(target))?.[1]
  if (command === 'downgrade' && branch !== undefined) {
    const line = lineOf(revisions, branch)
    return code(current.filter((row) => line.has(row)).length > 1 ? 'AMBIGUOUS_START' : 'TOO_FAR')
  }
  return code('TOO_FAR')
}

export { catalogue, type RevErrorCode, type RevErrorDetails } from './catalogue.ts'
export type { GraphProblem } from './graph.ts'
export { isRevError, RevError } from './rev-error.ts'

import { entry } from './define.ts'

/** Running the functions of revision files. */
export const stepErrors = {
  REV_INTERNAL: entry<{ what: string }>({
    exit: 1,
    message: ({ what }) => `this is a defect of rev itself: ${what}`,
    hint: () => 'please report it with the trace above',
  }),
}

import { listTemplates as readTemplates, type TemplateListing } from '../script/template-list.ts'
import type { CommandContext } from './context.ts'

/** The templates by name. */
export interface ListTemplatesResult {
  readonly command: 'list-templates'
  readonly templates: readonly TemplateListing[]
}

/** The templates that `revision -t` and `init -t` know: the project's own first, then the built-in ones. */
export async function listTemplates(context: Pick<CommandContext, 'settings'>): Promise<ListTemplatesResult> {
  return { command: 'list-templates', templates: readTemplates(context.settings) }
}

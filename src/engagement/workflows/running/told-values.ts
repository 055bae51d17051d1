import { contactValues, type DescribedContact } from '../../templates/contact-values.js';
import type { Format, Values } from '../../templates/template.js';
import { Template } from '../../templates/template.js';

/** What the texts of a workflow can say. */
export function toldValues(
  contact: DescribedContact | null,
  workspaceName: string,
  trigger: Readonly<Record<string, unknown>>,
): Values {
  const values = contact ? contactValues(contact) : new Map<string, string>();
  values.set('workspace.name', workspaceName);
  tell(values, 'trigger', trigger);
  return values;
}

/** @throws TemplateFault where it becomes too long */
export function said(source: string, values: Values, format: Format = 'text'): string {
  return Template.trusted(source).render(values, format);
}

/** Each word, number and yes by its path: its depth is bounded where it came in. */
function tell(values: Map<string, string>, path: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) {
    Object.entries(value).forEach(([key, inner]) => tell(values, `${path}.${key}`, inner));
  } else if (typeof value === 'string' || typeof value === 'number' || value === true) {
    values.set(path, String(value));
  }
}

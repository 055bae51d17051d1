/** What a variable may be called. */
export const VARIABLE_NAME = '[A-Za-z][A-Za-z0-9_]{0,63}';
const VARIABLE = new RegExp(`(?<!\\{)\\{\\{ *(${VARIABLE_NAME}) *\\}\\}(?!\\})`, 'g');

/** The variables of a text, each once; null where braces are doubled that name none. */
export function variablesIn(text: string): readonly string[] | null {
  const names = Array.from(text.matchAll(VARIABLE), ([, name]) => name!);
  return /\{\{|\}\}/.test(text.replace(VARIABLE, ' ')) ? null : [...new Set(names)];
}

/** Once: braces in a value are text. Each variable must have one. */
export function fillIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(VARIABLE, (_, name: string) => values.get(name)!);
}

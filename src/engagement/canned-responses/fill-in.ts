/** What can be said of somebody, by name; null or absent: it is not known. */
export type Values = Readonly<Record<string, string | null>>;

/** `{{first_name}}`, or `{{first_name|there}}` with what is said where it is not known. */
const PLACEHOLDER = /\{\{ *([a-z_]{1,50}) *(?:\|([^{}|]{0,200}))?\}\}/g;
const TAG = /<[a-z!/]/i;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Puts values in the places of their names, once: what a value holds is no placeholder. In a text that holds a tag they are
 * escaped, as whoever is called so chose that name. What is no placeholder stays as it is.
 */
export function fillIn(content: string, values: Values): string {
  const isHtml = TAG.test(content);
  return content.replace(PLACEHOLDER, (_, name: string, otherwise = '') => {
    const value = Object.hasOwn(values, name) ? values[name] : null;
    if (value == null || value === '') {
      return otherwise as string;
    }
    return isHtml ? value.replace(/[&<>"']/g, (character) => ESCAPES[character]!) : value;
  });
}

export const MAX_MIME_TYPE = 255;
/** RFC 9110: a type, a subtype and parameters, in what a header can carry. */
const TOKEN = "[\\w!#$%&'*+.^`|~-]+";
const MIME_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(\\s*;\\s*${TOKEN}=(${TOKEN}|"[ !#-[\\]-~]*"))*$`);

export function isMimeType(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_MIME_TYPE && MIME_TYPE.test(value);
}

import { field } from './field.js';

export const MAX_MIME_TYPE = 255;
/** RFC 9110: a type, a subtype and parameters, in what a header can carry; so no blank but the space and the tab. */
const TOKEN = "[\\w!#$%&'*+.^`|~-]+";
const MIME_TYPE = new RegExp(`^${TOKEN}/${TOKEN}([ \\t]*;[ \\t]*${TOKEN}=(${TOKEN}|"[ !#-[\\]-~]*"))*$`);

export function isMimeType(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_MIME_TYPE && MIME_TYPE.test(value);
}

/** What kind of content something is, `mime_type`. */
export function MimeType({
  example,
  description,
}: {
  readonly example: string;
  readonly description: string;
}): PropertyDecorator {
  return field({
    name: 'mime_type',
    check: (value) =>
      isMimeType(value)
        ? null
        : { says: `must be a media type of at most ${MAX_MIME_TYPE} characters, such as image/png.` },
    schema: { type: String, minLength: 3, maxLength: MAX_MIME_TYPE, example, description },
  });
}

import { checkList } from '../../../platform/common/fields/check-list.js';
import { field } from '../../../platform/common/fields/field.js';
import { checkText } from '../../../platform/common/fields/fields.js';
import { isStorable } from '../../../platform/common/fields/json-value.js';
import { ToleratesUnknownFields } from '../../../platform/common/fields/read-input.js';
import { SENDER } from '../senders.js';

const MAX_ID = 255;
const MAX_URL = 2_000;
const MAX_MEDIA = 10;
/** More than any phone sends in one message. */
const MAX_BODY = 10_000;

/** A text that looks like this. */
function Shaped(pattern: RegExp, says: string, { optional = false } = {}): PropertyDecorator {
  return field({
    optional,
    check: (value) => (typeof value === 'string' && pattern.test(value) ? null : { says }),
    schema: { type: String, description: says },
  });
}

function Id({ optional = false } = {}): PropertyDecorator {
  return field({
    optional,
    check: (value) => checkText(value, MAX_ID),
    schema: { type: String, description: 'An id.' },
  });
}

/** What a gateway posts for a message that a phone sent. */
@ToleratesUnknownFields()
export class HttpInbound {
  @Id()
  readonly id!: string;

  @Shaped(SENDER, 'must be a phone number in international format, or letters and digits.')
  readonly from!: string;

  @Shaped(SENDER, 'must be a phone number in international format, or letters and digits.')
  readonly to!: string;

  @field({
    optional: true,
    check: (value) =>
      typeof value === 'string' && value.length <= MAX_BODY && isStorable(value)
        ? null
        : { says: `must be a text of at most ${MAX_BODY} characters.` },
    schema: { type: String, description: 'The text.' },
  })
  readonly body?: string | null;

  @field({
    optional: true,
    check: (value) => checkList(value, { min: 0, max: MAX_MEDIA }, (url) => checkText(url, MAX_URL)),
    schema: { type: 'array', items: { type: 'string' }, description: 'Where its files are.' },
  })
  readonly media?: readonly string[] | null;
}

/** What a gateway posts where a message of ours got further. */
@ToleratesUnknownFields()
export class HttpStatus {
  @Id()
  readonly sid!: string;

  @Id({ optional: true })
  readonly id?: string | null;

  @Id()
  readonly status!: string;

  @Shaped(/^[a-z][a-z0-9_]{0,63}$/, 'must be a code such as unreachable.', { optional: true })
  readonly errorCode?: string | null;

  @Shaped(/^-?\d{1,9}(\.\d{1,9})?$/, 'must be a number, as text.', { optional: true })
  readonly price?: string | null;

  @Shaped(/^[A-Z]{3}$/, 'must be a currency such as USD.', { optional: true })
  readonly currency?: string | null;
}

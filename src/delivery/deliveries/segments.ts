import { SegmentedMessage } from 'sms-segments-calculator';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';

export interface Segmentation {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly segments: number;
  /** As the encoding counts them: some take two. */
  readonly characters: number;
  /** How many more fit into the last segment. */
  readonly remaining: number;
}

/** How long a body may be, in UTF-16 units. */
export const MAX_BODY_UNITS = 1_600;

/** @throws Refusal `body_too_long` */
export function refuseTooLong(body: string): void {
  if (body.length > MAX_BODY_UNITS) {
    throw new ReasonedRefusal('body_too_long', `The body has more than ${MAX_BODY_UNITS} characters`);
  }
}

/** Units of a single segment, and of each of several. */
const SIZES = { 'GSM-7': [160, 153], 'UCS-2': [70, 67] } as const;

/** Carriers bill by segment, and one emoji turns 160 characters into 70. */
export function segmentsOf(text: string): Segmentation {
  return text.length > MAX_BODY_UNITS ? roughly(text) : exactly(text);
}

function exactly(text: string): Segmentation {
  const message = new SegmentedMessage(text);
  const encoding = encodingOf(message);
  const segments = Math.max(1, message.segmentsCount);
  const unitBits = encoding === 'GSM-7' ? 7 : 16;
  const characters = Math.round(message.messageSize / unitBits);
  const used = Math.round((message.segments.at(-1)?.messageSizeInBits() ?? 0) / unitBits);
  return { encoding, segments, characters, remaining: SIZES[encoding][segments === 1 ? 0 : 1] - used };
}

/** As if nothing took two units: what is this long does not go out, and to count it exactly takes seconds. */
function roughly(text: string): Segmentation {
  // Of more different ones than this, some are not in GSM-7.
  const letters = [...new Set(text)].slice(0, MAX_BODY_UNITS).join('');
  const encoding = encodingOf(new SegmentedMessage(letters));
  const size = SIZES[encoding][1];
  const segments = Math.ceil(text.length / size);
  return { encoding, segments, characters: text.length, remaining: segments * size - text.length };
}

function encodingOf(message: SegmentedMessage): Segmentation['encoding'] {
  return message.getEncodingName() as Segmentation['encoding'];
}

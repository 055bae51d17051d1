import { SegmentedMessage } from 'sms-segments-calculator';

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

/** Units of a single segment, and of each of several. */
const SIZES = { 'GSM-7': [160, 153], 'UCS-2': [70, 67] } as const;

/** Carriers bill by segment, and one emoji turns 160 characters into 70. */
export function segmentsOf(text: string): Segmentation {
  const message = new SegmentedMessage(text);
  const encoding = message.getEncodingName() as Segmentation['encoding'];
  const segments = Math.max(1, message.segmentsCount);
  const unitBits = encoding === 'GSM-7' ? 7 : 16;
  const characters = Math.round(message.messageSize / unitBits);
  const used = Math.round((message.segments.at(-1)?.messageSizeInBits() ?? 0) / unitBits);
  return { encoding, segments, characters, remaining: SIZES[encoding][segments === 1 ? 0 : 1] - used };
}

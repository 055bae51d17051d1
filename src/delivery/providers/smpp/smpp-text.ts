import { SegmentedMessage } from 'sms-segments-calculator';

/** A text as SMPP carries it. */
export interface EncodedText {
  /** 0: the GSM alphabet, a byte for each septet; 8: UCS-2. */
  readonly dataCoding: 0 | 8;
  /** One, or as many as phones put together again. */
  readonly parts: readonly Buffer[];
}

/** Units of a single message, and of each part of several. */
const GSM_UNITS = { one: 160, part: 153 };
const UCS2_UNITS = { one: 70, part: 67 };

/** The same encoding and the same parts as are counted; an escape or a surrogate pair is never cut. */
export function encodeText(text: string): EncodedText {
  const message = new SegmentedMessage(text);
  const isGsm = message.getEncodingName() === 'GSM-7';
  const atoms = isGsm ? message.encodedChars.map(({ codeUnits }) => codeUnits) : graphemesOf(message.graphemes);
  const { one, part } = isGsm ? GSM_UNITS : UCS2_UNITS;
  const total = atoms.reduce((sum, { length }) => sum + length, 0);
  const parts = total <= one ? [atoms.flat()] : cut(atoms, part);
  return { dataCoding: isGsm ? 0 : 8, parts: parts.map((units) => (isGsm ? Buffer.from(units) : ucs2(units))) };
}

/** One whole text, for servers that cut it themselves. */
export function wholeOf({ parts }: EncodedText): Buffer {
  return Buffer.concat(parts);
}

/** What stands before part `number` of `total`, so that phones put them together. */
export function partHeader(reference: number, total: number, number: number): Buffer {
  return Buffer.from([5, 0, 3, reference & 0xff, total, number]);
}

/** A grapheme may be longer than a part: then it is cut between its characters. */
function graphemesOf(graphemes: readonly string[]): number[][] {
  return graphemes
    .flatMap((grapheme) => (grapheme.length <= UCS2_UNITS.part ? [grapheme] : [...grapheme]))
    .map((atom) => Array.from({ length: atom.length }, (_, at) => atom.charCodeAt(at)));
}

function cut(atoms: readonly (readonly number[])[], most: number): number[][] {
  const parts: number[][] = [[]];
  for (const atom of atoms) {
    const last = parts.at(-1)!;
    if (last.length + atom.length <= most) {
      last.push(...atom);
    } else {
      parts.push([...atom]);
    }
  }
  return parts;
}

function ucs2(units: readonly number[]): Buffer {
  const bytes = Buffer.alloc(units.length * 2);
  units.forEach((unit, at) => bytes.writeUInt16BE(unit, at * 2));
  return bytes;
}

/** Characters. */
const CHUNK = 3_200;
const OVERLAP = 400;
/** A heading begins a new chunk once so much stands before it. */
const HALF = CHUNK / 2;
export const MAX_CHUNKS = 2_000;

const HEADING = /^#{1,6} \S/;
const SENTENCE_END = /[.!?…。！？]["”»’)]?\s/g;

/**
 * Cuts a text at headings and paragraphs. Where a chunk is full, the next one begins with the end of it, so that what stands
 * at the cut is whole in one of them.
 */
export function cutText(text: string): string[] {
  const chunks: string[] = [];
  let chunk = '';
  for (const paragraph of paragraphsOf(text)) {
    if (HEADING.test(paragraph) && chunk.length >= HALF) {
      chunks.push(chunk);
      chunk = '';
    }
    for (const piece of piecesOf(paragraph)) {
      if (chunk !== '' && chunk.length + piece.length + 2 > CHUNK) {
        chunks.push(chunk);
        chunk = endOf(chunk, Math.min(OVERLAP, CHUNK - piece.length - 2));
      }
      chunk = chunk === '' ? piece : `${chunk}\n\n${piece}`;
    }
  }
  return chunk === '' ? chunks : [...chunks, chunk];
}

function paragraphsOf(text: string): string[] {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n\s*\n|\n(?=#{1,6} )/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** A paragraph that is too long for one chunk, at the ends of sentences, else between words. */
function piecesOf(paragraph: string): string[] {
  const most = CHUNK - OVERLAP;
  const pieces: string[] = [];
  let rest = paragraph;
  while (rest.length > most) {
    const at = placeToCut(rest.slice(0, most));
    pieces.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trimStart();
  }
  return [...pieces, rest].filter((one) => one !== '');
}

function placeToCut(text: string): number {
  const ends = [...text.matchAll(SENTENCE_END)].map(({ 0: end, index }) => index + end.length);
  const sentence = ends.at(-1) ?? 0;
  const word = text.search(/\s\S*$/);
  const at = sentence >= HALF ? sentence : word > 0 ? word : text.length;
  // Never between the halves of a surrogate pair.
  return /[\ud800-\udbff]/.test(text[at - 1]!) ? at - 1 : at;
}

/** Whole words of its last characters. */
function endOf(text: string, most: number): string {
  if (most <= 0) {
    return '';
  }
  const end = text.slice(-most);
  return text.length <= most ? end : end.replace(/^\S*\s+/, '').replace(/^[\udc00-\udfff]/, '');
}

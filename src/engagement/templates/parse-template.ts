import mustache from 'mustache';
import { faultAt } from './template-fault.js';

/** Of a tag with its braces: a name, and what is said where it is not known. */
const MAX_TAG = 300;
/** Conditions within each other. */
const MAX_DEPTH = 3;
const [OPEN, CLOSE] = ['{{', '}}'] as const;
/** What mustache knows besides, and nobody needs here: unescaped values, partials, other braces, comments. */
const FORBIDDEN = '{&>=!';
/** White space beside a tag that mustache looks at; there is never more of use. */
const MAX_BLANK = 1_000;

/** Text as it is, a value, or what is said only where there is a value, or none. */
export type Part =
  | string
  | { readonly kind: 'value'; readonly name: string; readonly fallback: string; readonly at: number }
  | {
      readonly kind: 'if' | 'unless';
      readonly name: string;
      readonly at: number;
      readonly parts: readonly Part[];
    };

/** As mustache's parser tells it. */
type Token = readonly [type: string, value: string, start: number, end: number, children?: readonly Token[]];

const parser = new mustache.Writer();
// It would keep each template for ever.
(parser as { templateCache?: unknown }).templateCache = undefined;

/**
 * The parts of a template. Mustache's parser reads it, which takes a text letter by letter and looks for the end of a tag in
 * quadratic time: so it is given the tags, and letters in the place of the texts between them.
 * @throws TemplateFault
 */
export function parseTemplate(source: string): readonly Part[] {
  const { short, texts, placeOf } = shorten(source);
  let next = 0;
  const read = (tokens: readonly Token[]): Part[] =>
    tokens.map(([type, value, start, , children = []]): Part => {
      const at = placeOf(start);
      if (type === 'text') {
        return value.replaceAll(STAND_IN, () => texts[next++]!);
      }
      if (type === 'name') {
        const [name = '', fallback = ''] = value.split(/\|(.*)/s);
        return { kind: 'value', name: name.trim(), fallback, at };
      }
      return { kind: type === '#' ? 'if' : 'unless', name: value, at, parts: read(children) };
    });
  return read(tokensOf(short, (at, says) => faultAt(source, placeOf(at), says)));
}

function tokensOf(short: string, faulty: (at: number, says: string) => Error): readonly Token[] {
  try {
    return parser.parse(short, [OPEN, CLOSE]) as Token[];
  } catch (error) {
    const [, said, at] = /^(Un(?:closed|opened) section) ".*" at (\d+)$/s.exec((error as Error).message) ?? [];
    if (said === undefined) {
      throw error;
    }
    throw faulty(
      Number(at),
      said === 'Unopened section' ? 'ends a condition that did not begin' : 'leaves a condition open',
    );
  }
}

/** In the place of a text. No template has it: it is taken out of those texts that do. */
const STAND_IN = '\u{e000}';

interface Shortened {
  readonly short: string;
  /** What the letters stand for, in their order. */
  readonly texts: string[];
  /** Where in the template a place of the short one is. */
  readonly placeOf: (at: number) => number;
}

function shorten(source: string): Shortened {
  const texts: string[] = [];
  const places = new Map<number, number>();
  let short = '';
  let [from, depth] = [0, 0];
  for (let open = source.indexOf(OPEN); open >= 0; open = source.indexOf(OPEN, from)) {
    short += shortText(source.slice(from, open), texts);
    places.set(short.length, open);
    const close = source.indexOf(CLOSE, open + OPEN.length);
    const tag = source.slice(open, close < 0 ? source.length : close + CLOSE.length);
    const kind = tag.slice(OPEN.length, MAX_TAG).trimStart()[0] ?? '';
    if (kind !== '' && FORBIDDEN.includes(kind)) {
      throw faultAt(source, open, 'has a placeholder of a kind that is not allowed');
    }
    if (close < 0 || tag.length > MAX_TAG || tag.lastIndexOf(OPEN) > 0) {
      throw faultAt(source, open, `has a placeholder without an end, or of more than ${MAX_TAG} characters,`);
    }
    depth += kind === '#' || kind === '^' ? 1 : kind === '/' ? -1 : 0;
    if (depth > MAX_DEPTH) {
      throw faultAt(source, open, `nests conditions deeper than ${MAX_DEPTH}`);
    }
    short += tag;
    from = close + CLOSE.length;
  }
  short += shortText(source.slice(from), texts);
  return { short, texts, placeOf: (at) => places.get(at) ?? source.length };
}

/** White space beside the tags stays: of a line with nothing but the tag of a condition, mustache leaves nothing. */
function shortText(text: string, texts: string[]): string {
  const begin = afterBlankLine(text);
  const end = beforeBlankLine(text, begin);
  if (begin === end) {
    return text;
  }
  texts.push(text.slice(begin, end));
  return text.slice(0, begin) + STAND_IN + text.slice(end);
}

const BLANK = ' \t\r';

/** Where what stands behind a tag begins: behind the line break, where nothing else is before that. */
function afterBlankLine(text: string): number {
  let at = 0;
  while (at < Math.min(text.length, MAX_BLANK) && BLANK.includes(text[at]!)) {
    at += 1;
  }
  return text[at] === '\n' ? at + 1 : at === text.length ? at : 0;
}

/** The same of where it ends before the next tag: the line break is none of it. */
function beforeBlankLine(text: string, begin: number): number {
  let at = text.length;
  while (at > Math.max(begin, text.length - MAX_BLANK) && BLANK.includes(text[at - 1]!)) {
    at -= 1;
  }
  return at > begin && text[at - 1] === '\n' ? at - 1 : at === begin ? begin : text.length;
}

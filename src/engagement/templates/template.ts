import { cut, oneLine, wellFormed } from '../../delivery/email/reading/well-formed.js';
import type { KnownNames } from './known-names.js';
import { parseTemplate, type Part } from './parse-template.js';
import { faultAt, TemplateFault } from './template-fault.js';

/** What is known, by name; what is absent or empty is not. */
export type Values = ReadonlyMap<string, string>;

/** As what it is said. */
export type Format = 'html' | 'text' | 'line' | 'url';

const MAX_VALUE = 1_000;
const MAX_BYTES = 1024 * 1024;
const MAX_LINE = 1_000;
const MAX_SHOWN_NAME = 50;
/** In front of a name in the HTML of a campaign, where it stands in a link. Nobody can write it: no such name is known. */
export const ENCODED = '%';

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

/** A text with places for values. What a value holds is never a template. */
export class Template {
  private constructor(private readonly parts: readonly Part[]) {}

  /** @throws TemplateFault where it is none, or has names that are not known */
  static of(source: string, names: KnownNames): Template {
    const parts = parseTemplate(source);
    for (const { name, at } of namesIn(parts)) {
      if (!names(name)) {
        throw faultAt(source, at, `has the unknown placeholder “${cut(name, MAX_SHOWN_NAME)}”`);
      }
    }
    return new Template(parts);
  }

  /** The same where it was checked before: names that are not known have no value. @throws TemplateFault */
  static trusted(source: string): Template {
    return new Template(parseTemplate(source));
  }

  /** Whether it says this whoever it is for. */
  alwaysSays(name: string): boolean {
    return this.parts.some((part) => typeof part !== 'string' && part.kind === 'value' && part.name === name);
  }

  /** @throws TemplateFault where it becomes too long */
  render(values: Values, format: Format): string {
    const said: string[] = [];
    let bytes = 0;
    const say = (text: string): void => {
      bytes += Buffer.byteLength(text);
      if (bytes > MAX_BYTES) {
        throw new TemplateFault(`becomes greater than ${MAX_BYTES / 1024 / 1024} MB.`);
      }
      said.push(text);
    };
    const write = (parts: readonly Part[]): void => {
      for (const part of parts) {
        if (typeof part === 'string') {
          say(part);
          continue;
        }
        const value = valueOf(values, part.name);
        if (part.kind === 'value') {
          say(value === '' ? part.fallback : written(value, part.name.startsWith(ENCODED) ? 'url' : format));
        } else if ((value !== '') === (part.kind === 'if')) {
          write(part.parts);
        }
      }
    };
    write(this.parts);
    const text = said.join('');
    return format === 'line' ? oneLine(text, MAX_LINE) : text;
  }
}

/** What a fault says, in the words of a field; null where there is none. */
export function faultIn(source: string, names: KnownNames): string | null {
  try {
    Template.of(source, names);
    return null;
  } catch (error) {
    if (error instanceof TemplateFault) {
      return error.says;
    }
    throw error;
  }
}

function* namesIn(parts: readonly Part[]): Generator<{ readonly name: string; readonly at: number }> {
  for (const part of parts) {
    if (typeof part !== 'string') {
      yield part;
      if (part.kind !== 'value') {
        yield* namesIn(part.parts);
      }
    }
  }
}

function valueOf(values: Values, name: string): string {
  const plain = name.startsWith(ENCODED) ? name.slice(ENCODED.length) : name;
  return cut(wellFormed(values.get(plain.replace(/^contact\./, '')) ?? ''), MAX_VALUE);
}

function written(value: string, format: Format): string {
  switch (format) {
    case 'html':
      return value.replace(/[&<>"']/g, (letter) => ESCAPES[letter]!);
    case 'url':
      return encodeURIComponent(value).replaceAll("'", '%27');
    case 'text':
    case 'line':
      return value;
  }
}

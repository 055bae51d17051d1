import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutText } from './cut-text.js';

const sentence = (at: number): string => `Sentence number ${at} says a little of what there is to know.`;
const sentences = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => sentence(from + at)).join(' ');

describe('A text', () => {
  it('that is short is one chunk, and one without letters none', () => {
    expect(cutText('Hello\r\n\r\nWorld')).toEqual(['Hello\n\nWorld']);
    expect(cutText(' \n\n \t\n')).toEqual([]);
  });

  it('is cut at paragraphs, the end of each chunk at the beginning of the next', () => {
    const paragraphs = Array.from({ length: 12 }, (_, at) => sentences(at * 20, at * 20 + 20));
    const chunks = cutText(paragraphs.join('\n\n'));
    expect(chunks.length).toBeGreaterThan(4);
    chunks.slice(1).forEach((chunk, at) => {
      const overlap = chunk.split('\n\n')[0]!;
      expect(overlap.length).toBeGreaterThan(300);
      expect(chunks[at]!.endsWith(overlap)).toBe(true);
    });
    paragraphs.forEach((one) => expect(chunks.filter((chunk) => chunk.includes(one)).length).toBeGreaterThan(0));
  });

  it('is cut at a heading, once there is enough before it', () => {
    const chunks = cutText(`# One\n${sentences(0, 40)}\n\n# Two\n${sentences(40, 50)}\n# Three\nEnd`);
    expect(chunks.map((one) => one.split('\n')[0])).toEqual(['# One', '# Two']);
    expect(chunks[1]!.endsWith('# Three\nEnd')).toBe(true);
  });

  it('of one paragraph is cut after sentences, else between words, else anywhere but in a character', () => {
    cutText(sentences(0, 400)).forEach((chunk) => expect(chunk).toMatch(/know\.$/));
    cutText('word '.repeat(4_000)).forEach((chunk) => expect(chunk).toMatch(/^(word\s+)*word$/));
    const emoji = cutText('😀'.repeat(9_000));
    expect(emoji.every((one) => one.isWellFormed())).toBe(true);
  });

  it('loses no word, and no chunk is too long', () => {
    const word = fc.string({ minLength: 1, maxLength: 60 }).map((one) => one.replaceAll(/\s/g, '') || 'x');
    const text = fc.array(fc.tuple(word, fc.constantFrom(' ', '\n', '\n\n', '. ', '\n# ')), { maxLength: 900 });
    fc.assert(
      fc.property(text, (words) => {
        const whole = words.flat().join('');
        const chunks = cutText(whole);
        const left = new Set(chunks.join(' ').split(/\s+/));
        whole
          .split(/\s+/)
          .filter((one) => one !== '')
          .forEach((one) => expect(left.has(one)).toBe(true));
        chunks.forEach((one) => expect(one.length).toBeLessThanOrEqual(3_200));
      }),
      { numRuns: 50 },
    );
  });
});

import type { Binding } from '../binding.js';

/** Capital letters that the locale C leaves as they are; those with accents are taken apart before. */
const CAPITALS = /[A-ZΑ-ΡΣ-Ω\u0400-\u042f]/gu;

/** What is searched for in the way the function of the same name in the database writes it: without case and accents. */
export function searchable(words: string): string {
  return words
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/gu, '')
    .replaceAll(CAPITALS, (letter) => letter.toLowerCase());
}

/** One side of LIKE: everything stands for itself. */
export function literally(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}

/** Words of one or two characters are looked for at the beginning of words only: that is what the index can find. */
const TRIGRAM = 3;

/** The conditions that each word of `search` occurs in `column`, which is kept as searchable() writes it, behind a space. */
export function findsWords(column: string, search: string, binding: Binding): string[] {
  const words = searchable(search).split(/\s+/u).filter(Boolean);
  return words.map((word) => {
    const before = word.length < TRIGRAM ? '% ' : '%';
    return `${column} LIKE ${binding.bind(`${before}${literally(word)}%`, 'text')}`;
  });
}

import { STOP_WORDS } from '../../workspaces/opt-out-words.js';

export type Keyword = 'stop' | 'start' | 'help';

const WORDS: Readonly<Record<Keyword, readonly string[]>> = {
  stop: STOP_WORDS,
  start: ['START', 'UNSTOP', 'YES'],
  help: ['HELP', 'INFO'],
};

/**
 * The word that the whole of a message is, in capitals; null where it says more than one of these.
 * @param ownStops words that opt out beside those that always do
 */
export function keywordIn(
  text: string,
  ownStops: readonly string[] = [],
): { readonly keyword: Keyword; readonly word: string } | null {
  const word = wordOf(text);
  for (const [keyword, words] of Object.entries(WORDS)) {
    if (words.includes(word)) {
      return { keyword: keyword as Keyword, word };
    }
  }
  return ownStops.some((own) => wordOf(own) === word) ? { keyword: 'stop', word } : null;
}

function wordOf(text: string): string {
  return text
    .normalize('NFKC')
    .trim()
    .replace(/[.!]+$/, '')
    .trim()
    .toUpperCase();
}

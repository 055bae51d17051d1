export type Keyword = 'stop' | 'start' | 'help';

const WORDS: Readonly<Record<Keyword, readonly string[]>> = {
  stop: ['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'],
  start: ['START', 'UNSTOP', 'YES'],
  help: ['HELP', 'INFO'],
};

/** The word that the whole of a message is, in capitals; null where it says more than one of these. */
export function keywordIn(text: string): { readonly keyword: Keyword; readonly word: string } | null {
  const word = text
    .normalize('NFKC')
    .trim()
    .replace(/[.!]+$/, '')
    .trim()
    .toUpperCase();
  for (const [keyword, words] of Object.entries(WORDS)) {
    if (words.includes(word)) {
      return { keyword: keyword as Keyword, word };
    }
  }
  return null;
}

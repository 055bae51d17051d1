import { expect, it } from '@jest/globals';
import { smartlyEncoded } from './smart-encoding.js';

it.each([
  ['“Don’t” – she said…', '"Don\'t" - she said...'],
  ['a\u00a0b\u200b\ufeffc', 'a bc'],
  ['Ça « va »', 'Ça " va "'],
  ['plain', 'plain'],
  ['', ''],
])('%j is sent as %j', (text, sent) => {
  expect(smartlyEncoded(text)).toBe(sent);
});

it.each(['“Hi” 🙂', 'ç – à', '👨\u200d👩', `${'x'.repeat(1598)}…`, 'a\u202eb\u200b'])('%j is sent as it is', (text) => {
  expect(smartlyEncoded(text)).toBe(text);
});

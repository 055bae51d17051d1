import { expect, it } from '@jest/globals';
import { keywordIn } from './keywords.js';

it.each([
  ['STOP', 'stop'],
  ['Stop.', 'stop'],
  ['  stop!! \n', 'stop'],
  ['ＳＴＯＰ', 'stop'],
  ['OptOut', 'stop'],
  ['start', 'start'],
  ['Yes', 'start'],
  ['HELP', 'help'],
  ['info.', 'help'],
])('%j is the word for %s', (text, keyword) => {
  expect(keywordIn(text)?.keyword).toBe(keyword);
});

it.each(['Please stop', 'STOP it', 'stop?', 'S T O P', 'STOPP', '', '.', 'don’t stop.', 'yes please'])(
  '%j is no word for anything',
  (text) => {
    expect(keywordIn(text)).toBeNull();
  },
);

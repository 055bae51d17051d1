import { expect, it } from '@jest/globals';
import { inInternationalFormat, readPhoneNumber } from './phone-number.js';

it.each([
  ['+14155552671', 'US', '+14155552671'],
  ['(415) 555-2671', 'US', '+14155552671'],
  ['+1 415.555.2671', 'DE', '+14155552671'],
  ['030 901820', 'DE', '+4930901820'],
  ['+15005550006', 'US', '+15005550006'],
])('%j in %s is %s', (text, country, number) => {
  expect(readPhoneNumber(text, country)).toBe(number);
});

it.each([
  '+1５００5550006',
  '+١٥٠٠٥٥٥٠٠٠٦',
  '+1 500 555 0006 ext. 5',
  '1-800-FLOWERS',
  'tel:+14155552671',
  '+1415555267',
  '+14155552671'.padEnd(33, ' '),
  '\u202a+14155552671',
  '+14155552671;ext=5',
  '',
  '+',
])('%j is no number', (text) => {
  expect(readPhoneNumber(text, 'US')).toBeNull();
});

it('A number is shown in groups', () => {
  expect(inInternationalFormat('+14155552671')).toBe('+1 415 555 2671');
});

import { expect, it } from '@jest/globals';
import { failureOf, statusOf } from './twilio-words.js';

it.each([
  ['accepted', 'sending'],
  ['partially_delivered', 'sent'],
  ['read', 'read'],
  ['received', null],
  ['constructor', null],
])('Twilio’s %s is %s', (word, status) => {
  expect(statusOf(word)).toBe(status);
});

it('An error keeps Twilio’s code, and has one of ours where there is one', () => {
  expect(failureOf(21610, 'Opted out')).toEqual({
    ...{ errorCode: 'recipient_opted_out', providerCode: '21610', errorText: 'Opted out' },
  });
  expect(failureOf('30007')).toEqual({ errorCode: 'filtered', providerCode: '30007' });
  expect(failureOf('99999')).toEqual({ errorCode: 'provider_error', providerCode: '99999' });
  expect(failureOf(null)).toEqual({ errorCode: 'provider_error' });
});

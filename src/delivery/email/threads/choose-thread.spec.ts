import { describe, expect, it } from '@jest/globals';
import { chooseThread, type KnownMail, type Thread } from './choose-thread.js';

const OPEN: Thread = {
  ...{ channelId: 'open', isClosed: false, subject: 'Order' },
  contactAddresses: ['anna@example.org', 'anna.smith@example.org'],
};
const CLOSED: Thread = { ...OPEN, channelId: 'closed', isClosed: true };
const ANNA = { from: 'Anna@Example.org', subject: 'Re: Order', automatic: 'none' } as const;
const STRANGER = { ...ANNA, from: 'mallory@example.net' };

function known(thread: Thread, ...addresses: string[]): KnownMail {
  return { thread, addresses: ['support@shop.example', 'anna@example.org', ...addresses] };
}

const into = (channelId: string, joins = false) => ({ kind: 'continues', channelId, joins });
const begins = (relatedId: string | null = null) => ({ kind: 'begins', relatedId });

describe('where a mail belongs', () => {
  it.each([
    ['a first mail', ANNA, null, [], begins()],
    ['an answer of the contact', ANNA, null, [known(OPEN)], into('open')],
    ['an answer of somebody in copy', STRANGER, null, [known(OPEN, 'mallory@example.net')], into('open', true)],
    ['a stranger with a copied Message-ID', STRANGER, null, [known(OPEN)], begins('open')],
    ['a stranger with the token', STRANGER, OPEN, [], into('open', true)],
    ['the contact with the token', ANNA, OPEN, [], into('open')],
    ['the contact from a former address', { ...ANNA, from: 'anna.smith@example.org' }, OPEN, [], into('open')],
    ['the token before what is named', ANNA, OPEN, [known(CLOSED)], into('open')],
    [
      'the newest of those that it may follow',
      ANNA,
      null,
      [known({ ...OPEN, contactAddresses: ['x@y.example'] }), known(CLOSED)],
      into('open', true),
    ],
    [
      'one further back that is its own',
      { ...STRANGER, from: 'eve@example.net' },
      null,
      [known(OPEN), known(CLOSED, 'eve@example.net')],
      into('closed', true),
    ],
    ['a closed one, with its subject', ANNA, null, [known(CLOSED)], into('closed')],
    ['a closed one, with another subject', { ...ANNA, subject: 'Invoice' }, null, [known(CLOSED)], begins('closed')],
    ['a closed one by token, with another subject', { ...ANNA, subject: 'Invoice' }, CLOSED, [], begins('closed')],
    ['an open one, with another subject', { ...ANNA, subject: 'Invoice' }, null, [known(OPEN)], into('open')],
    [
      'an autoresponder, into what is closed',
      { ...ANNA, subject: 'Away', automatic: 'replied' as const },
      null,
      [known(CLOSED)],
      into('closed'),
    ],
    [
      'one whose contact was erased',
      ANNA,
      null,
      [{ thread: { ...OPEN, contactAddresses: [] }, addresses: [] }],
      begins('open'),
    ],
  ])('%s', (_, mail, byToken, followed, expected) => {
    expect(chooseThread(mail, byToken, followed)).toEqual(expected);
  });
});

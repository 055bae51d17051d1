import { describe, expect, it } from '@jest/globals';
import { smtpOutcome, type SmtpStage } from './smtp-outcome.js';

describe('what came of a mail', () => {
  it.each([
    ['connecting', null, 'ECONNREFUSED', 'later', 'provider_unreachable'],
    ['connecting', 554, 'No mail here', 'later', 'provider_unreachable'],
    ['connecting', 421, 'Busy', 'account', 'provider_unreachable'],
    ['login', 535, '5.7.8 Wrong', 'account', 'provider_auth'],
    ['login', 454, 'Later', 'account', 'provider_auth'],
    ['login', 500, 'What', 'account', 'provider_auth'],
    ['login', null, 'lost', 'later', 'provider_unreachable'],
    ['envelope', 530, '5.7.0 Log in first', 'account', 'provider_auth'],
    ['envelope', 421, 'Too many connections', 'account', 'provider_unreachable'],
    ['envelope', 451, '4.7.1 Greylisted', 'later', 'throttled'],
    ['envelope', 452, 'Too many', 'later', 'throttled'],
    ['envelope', 550, '5.1.1 No such user', 'refused', 'unreachable'],
    ['envelope', 550, '5.2.1 Closed', 'refused', 'unreachable'],
    ['envelope', 550, '5.7.1 Not from you', 'refused', 'blocked'],
    ['envelope', 553, 'Bad sender', 'refused', 'blocked'],
    ['envelope', null, 'lost', 'later', 'provider_unreachable'],
    ['content', null, 'lost', 'later', 'provider_unreachable'],
    ['content', 451, 'Try later', 'later', 'throttled'],
    ['content', 554, '5.1.1 quoted', 'refused', 'blocked'],
    ['ended', 552, 'Too large', 'refused', 'blocked'],
    ['ended', 451, 'Try later', 'later', 'throttled'],
    ['ended', 421, 'Closing', 'account', 'provider_unreachable'],
  ] satisfies [SmtpStage, number | null, string, string, string][])(
    '%s, %s %s: %s',
    (stage, code, text, kind, errorCode) => {
      expect(smtpOutcome({ stage, code, text })).toMatchObject({ kind, errorCode });
    },
  );

  it('is unknown where the connection was lost after the end of the mail', () => {
    expect(smtpOutcome({ stage: 'ended', code: null, text: 'lost' })).toEqual({ kind: 'unknown', why: 'lost' });
  });

  it('does not tell what a server greets with', () => {
    expect(JSON.stringify(smtpOutcome({ stage: 'connecting', code: 554, text: 'secret banner' }))).not.toContain(
      'banner',
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import type { CallbackUrls } from '../callback-urls.js';
import { TwilioProvider } from './twilio-provider.js';

const SID = `AC${'0'.repeat(32)}`;
const tenant = { clientId: '018f0000-0000-7000-8000-000000000000', livemode: true };
const account = { tenant, id: null, shown: { accountSid: SID }, secret: { authToken: 'token' } };
const urls: Pick<CallbackUrls, 'areReachable'> = { areReachable: false };
const through = (site?: string): TwilioProvider => new TwilioProvider(account, urls as CallbackUrls, site);
const AUTHORIZATION = `Basic ${Buffer.from(`${SID}:token`).toString('base64')}`;

describe('A file at Twilio', () => {
  it.each(['https://api.twilio.com/2010-04-01/x', 'https://API.Dublin.ie1.twilio.com/x'])(
    '%s is asked for as us',
    (url) => {
      expect(through().mediaRequest(url)).toEqual({ headers: { authorization: AUTHORIZATION } });
    },
  );

  it.each([
    'http://api.twilio.com/x',
    'https://api.twilio.com:444/x',
    'https://api.twilio.com@evil.example/x',
    'https://api.twilio.com.evil.example/x',
    'https://api.evil.example/.twilio.com',
    'https://evil.example/api.twilio.com',
    'https://apiXtwilio.com/x',
    'https://notapi.twilio.com/x',
    'https://api.a.b.c.twilio.com/x',
    'https://api.twilio.com\n.evil.example/x',
    'nonsense',
    '',
  ])('%j is asked for as anybody', (url) => {
    expect([through().mediaRequest(url), through('http://127.0.0.1:1').mediaRequest(url)]).toEqual([{}, {}]);
  });

  it('is asked for where the operator says that Twilio is', () => {
    expect(through('http://127.0.0.1:1').mediaRequest('https://api.twi\nlio.com/x?y')).toEqual({
      ...{ url: 'http://127.0.0.1:1/x?y', rules: { http: true, loopback: true } },
      headers: { authorization: AUTHORIZATION },
    });
  });
});

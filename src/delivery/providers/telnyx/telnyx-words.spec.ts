import { describe, expect, it } from '@jest/globals';
import { failureOf, reportOf } from './telnyx-words.js';

const said = (status: string, more: object = {}) => reportOf({ id: 'm', to: [{ status }], ...more });

describe('What Telnyx says', () => {
  it.each([
    ['queued', 'sending'],
    ['sending', 'sending'],
    ['sent', 'sent'],
    ['delivery_unconfirmed', 'sent'],
    ['delivered', 'delivered'],
    ['delivery_failed', 'undelivered'],
    ['sending_failed', 'failed'],
  ])('%s means %s', (status, ours) => {
    expect(said(status)?.status).toBe(ours);
  });

  it('comes with what the message cost, and why it failed', () => {
    const cost = { amount: '0.0051', currency: 'USD' };
    expect(said('delivered', { cost, parts: 2 })).toEqual({
      ...{ status: 'delivered', price: '0.0051', currency: 'USD', segments: 2 },
    });
    const errors = [{ code: '40300', title: 'Blocked due to STOP message' }];
    expect(said('delivery_failed', { errors })).toEqual({
      ...{ status: 'undelivered', errorCode: 'recipient_opted_out', providerCode: '40300' },
      errorText: 'Blocked due to STOP message',
    });
    expect(failureOf([{ code: 99999 }])).toEqual({ errorCode: 'provider_error', providerCode: '99999' });
    expect(said('expired')).toMatchObject({ status: 'failed', errorCode: 'expired' });
  });

  it('is nothing where it is not understood', () => {
    expect(said('teleported')).toBeNull();
    expect(said('constructor')).toBeNull();
    expect(reportOf({ id: 'm' })).toBeNull();
    expect(said('delivered', { cost: { amount: '1e9', currency: 'USD' }, parts: -1 })).toEqual({ status: 'delivered' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { AddressTokens } from './address-tokens.js';

const ACME = '018f0000-0000-7000-8000-00000000000a';
const GLOBEX = '018f0000-0000-7000-8000-00000000000b';
const INBOUND = 'abcdefghijklm@in.shop.example';
const DELIVERY = '0190f3c4-1b2d-7e4f-9a51-c0ffee123456';
const SECRET = Buffer.alloc(32, 1);
const tokens = new AddressTokens([SECRET]);

describe('tokens in addresses', () => {
  it('lead to the conversation', () => {
    const address = tokens.conversationAddress(ACME, 'support@in.shop.example', 31)!;
    expect(address).toMatch(/^support\+c31\.[a-z2-7]{16}@in\.shop\.example$/);
    expect(tokens.conversationIn(ACME, ['x@shop.example', address])).toBe(31);
    expect(tokens.conversationIn(ACME, [address.toUpperCase()])).toBe(31);
  });

  it('are of one workspace, one number and one secret', () => {
    const address = tokens.conversationAddress(ACME, 'support@in.shop.example', 31)!;
    expect(tokens.conversationIn(GLOBEX, [address])).toBeNull();
    expect(tokens.conversationIn(ACME, [address.replace('+c31.', '+c32.')])).toBeNull();
    expect(new AddressTokens([Buffer.alloc(32, 2)]).conversationIn(ACME, [address])).toBeNull();
    expect(new AddressTokens([Buffer.alloc(32, 2), SECRET]).conversationIn(ACME, [address])).toBe(31);
  });

  it.each([
    '',
    'support@in.shop.example',
    'a+c31@x.example',
    'a+c031.aaaaaaaaaaaaaaaa@x.example',
    'a+c31.aaaaaaaaaaaaaaaa@x.example',
  ])('%j leads nowhere', (address) => {
    expect(tokens.conversationIn(ACME, [address])).toBeNull();
  });

  it('are left out where the address would be too long', () => {
    expect(tokens.conversationAddress(ACME, `${'a'.repeat(43)}@in.shop.example`, 31)).not.toBeNull();
    expect(tokens.conversationAddress(ACME, `${'a'.repeat(44)}@in.shop.example`, 31)).toBeNull();
  });

  it('bring back what was not delivered', () => {
    const address = tokens.bounceAddress(ACME, INBOUND, DELIVERY)!;
    expect(address.split('@')[0]!.length).toBeLessThanOrEqual(64);
    expect(tokens.deliveryIn(ACME, [address])).toBe(DELIVERY);
    expect(tokens.deliveryIn(ACME, [address.toUpperCase()])).toBe(DELIVERY);
    expect(tokens.deliveryIn(GLOBEX, [address])).toBeNull();
    const other = tokens.bounceAddress(ACME, INBOUND, DELIVERY.replace('0190', '0191'))!;
    const middle = INBOUND.indexOf('@') + 2 + 26;
    expect(tokens.deliveryIn(ACME, [address.slice(0, middle) + other.slice(middle)])).toBeNull();
    expect(tokens.bounceAddress(ACME, `${'a'.repeat(21)}@in.shop.example`, DELIVERY)).toBeNull();
    expect(tokens.deliveryIn(ACME, [tokens.conversationAddress(ACME, 'bounce@in.shop.example', 31)!])).toBeNull();
  });

  it('let whoever got a mail unsubscribe by another, and mean nothing else', () => {
    const address = tokens.unsubscribeAddress(ACME, INBOUND, DELIVERY)!;
    expect(address.split('@')[0]!.length).toBeLessThanOrEqual(64);
    expect(tokens.unsubscriberIn(ACME, ['x@y.example', address.toUpperCase()])).toBe(DELIVERY);
    expect(tokens.unsubscriberIn(GLOBEX, [address])).toBeNull();
    expect(tokens.deliveryIn(ACME, [address.replace('+u', '+b')])).toBeNull();
    expect(
      tokens.unsubscriberIn(ACME, [tokens.bounceAddress(ACME, INBOUND, DELIVERY)!.replace('+b', '+u')]),
    ).toBeNull();
  });
});

import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readToken, TokenMaker, type TokenKind } from './tracking-token.js';

const secret = randomBytes(32);
const [clientId, recipientId] = [randomUUID(), randomUUID()];
const maker = new TokenMaker(secret, clientId);
const KINDS: readonly TokenKind[] = ['open', 'click', 'unsubscribe'];

describe.each(KINDS)('A token of kind %s', (kind) => {
  const link = kind === 'click' ? 499 : 0;
  const token = maker.make(kind, recipientId, link);

  it('says whose mail it is of, and is of no other kind', () => {
    expect(token).toMatch(kind === 'click' ? /^[\w-]{70}$/ : /^[\w-]{67}$/);
    expect(KINDS.map((one) => readToken([secret], one, token))).toEqual(
      KINDS.map((one) => (one === kind ? { clientId, recipientId, link } : null)),
    );
  });

  it('is genuine with each of its bits', () => {
    const bytes = Buffer.from(token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(KINDS.map((one) => readToken([secret], one, changed.toString('base64url')))).toEqual([null, null, null]);
    }
    // Bits of the last letter that belong to no byte.
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
    const right = letters.filter((letter) => readToken([secret], kind, token.slice(0, -1) + letter) !== null);
    expect(right).toEqual([token.at(-1)]);
  });

  it('is of its client and its installation', () => {
    expect(readToken([randomBytes(32)], kind, token)).toBeNull();
    expect(readToken([randomBytes(32), secret], kind, token)).not.toBeNull();
    const other = Buffer.from(new TokenMaker(secret, randomUUID()).make(kind, recipientId, link), 'base64url');
    const mixed = Buffer.from(token, 'base64url');
    other.copy(mixed, 0, 0, 18);
    expect(readToken([secret], kind, mixed.toString('base64url'))).toBeNull();
  });

  it.each([
    [''],
    ['a'],
    [token.slice(1)],
    [token.slice(0, -4)],
    [`${token}A`],
    [`${token}=`],
    ['ä'.repeat(token.length)],
  ])('is not %j', (text) => expect(readToken([secret], kind, text)).toBeNull());

  it('says what it was made of, and nothing that was not made', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.integer({ min: 1, max: 500 }), (client, recipient, n) => {
        const made = new TokenMaker(secret, client).make(kind, recipient, n);
        const said = { clientId: client, recipientId: recipient, link: kind === 'click' ? n : 0 };
        expect(readToken([secret], kind, made)).toEqual(said);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 40, maxLength: 60 }), (bytes) => {
        expect(readToken([secret], kind, Buffer.from(bytes).toString('base64url'))).toBeNull();
      }),
    );
  });
});

it('is not looked at where it is a megabyte', () => {
  expect(readToken([secret], 'click', 'A'.repeat(1024 * 1024))).toBeNull();
});

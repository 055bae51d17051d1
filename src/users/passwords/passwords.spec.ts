import { describe, expect, it } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { refuseWeak } from './password-rules.js';
import { Passwords } from './passwords.js';

const passwords = new Passwords();
const OWNER = { email: 'ann.miller@example.com', name: 'Annabelle Miller' };

describe('A password', () => {
  it('is kept as Argon2id with the memory and time that OWASP asks for', async () => {
    expect(await passwords.hash('correct horse battery')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('matches itself, however its letters are composed, and nothing else', async () => {
    const stored = await passwords.hash('Zürich and Ångström');
    expect(await passwords.matches(stored, 'Zürich and Ångström'.normalize('NFD'))).toBe(true);
    expect(await passwords.matches(stored, 'zürich and Ångström')).toBe(false);
    expect(await passwords.matches(null, '')).toBe(false);
  });

  it('is hashed anew where less was asked for', async () => {
    expect(passwords.isOutdated(await passwords.hash('correct horse'))).toBe(false);
    expect(passwords.isOutdated(await hash('correct horse', { memoryCost: 8_192 }))).toBe(true);
  });

  it('is refused once a hundred wait', async () => {
    const ends = await Promise.allSettled(Array.from({ length: 110 }, () => passwords.matches(null, 'anything')));
    const refused = ends.filter((end) => end.status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(6);
    expect(refused.length).toBeLessThan(10);
    expect(refused[0]).toMatchObject({ reason: { reason: 'busy', details: { retryAfter: 1 } } });
  });

  it.each([
    'x'.repeat(9),
    'ﬁﬁ'.repeat(2),
    'x'.repeat(257),
    'ann.miller@example.com',
    'Ann.Miller',
    'annabelle miller',
    'Password123',
    '1q2w3e4r5t',
    '１２３４５６７８９０',
  ])('that would be guessed is refused: %s', async (password) => {
    await expect(refuseWeak(password, OWNER)).rejects.toMatchObject({ reason: 'weak_password' });
  });

  it.each(['correct horse', 'x'.repeat(256), 'ﬁ'.repeat(5), '👩‍🚀 on the moon'])('is taken: %s', async (password) => {
    await expect(refuseWeak(password, OWNER)).resolves.toBeUndefined();
  });
});

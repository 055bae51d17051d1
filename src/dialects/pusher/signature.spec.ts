import { describe, expect, it } from '@jest/globals';
import { isSigned, sign } from './signature.js';

/** The worked example of Pusher's own documentation of channel authorization. */
const CLIENT = { publicKey: '278d425bdf160c739803', realtimeSecret: Buffer.from('7ad3773142a6692b25b8') };

describe('A signature', () => {
  it('is the one that Pusher’s documentation shows', () => {
    expect(sign(CLIENT, '1234.1234', 'private-foobar')).toBe(
      '278d425bdf160c739803:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4',
    );
    const data = '{"user_id":10,"user_info":{"name":"Mr. Channels"}}';
    expect(sign(CLIENT, '1234.1234', 'presence-foobar', data)).toBe(
      '278d425bdf160c739803:31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80',
    );
  });

  it('holds for exactly what was signed', () => {
    const auth = sign(CLIENT, '1.2', 'private-a', 'x');
    expect(isSigned(CLIENT, auth, '1.2', 'private-a', 'x')).toBe(true);
    const others = [
      isSigned(CLIENT, auth, '1.3', 'private-a', 'x'),
      isSigned(CLIENT, auth, '1.2', 'private-b', 'x'),
      isSigned(CLIENT, auth, '1.2', 'private-a', 'y'),
      isSigned(CLIENT, auth, '1.2', 'private-a'),
      isSigned(CLIENT, `${auth} `, '1.2', 'private-a', 'x'),
      isSigned(CLIENT, auth.slice(21), '1.2', 'private-a', 'x'),
      isSigned(CLIENT, '', '1.2', 'private-a', 'x'),
      isSigned({ ...CLIENT, publicKey: 'other' }, auth, '1.2', 'private-a', 'x'),
      isSigned({ ...CLIENT, realtimeSecret: Buffer.from('other') }, auth, '1.2', 'private-a', 'x'),
    ];
    expect(others).toEqual(others.map(() => false));
  });
});

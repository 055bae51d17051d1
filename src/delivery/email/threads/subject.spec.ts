import { describe, expect, it } from '@jest/globals';
import { isSameSubject } from './subject.js';

describe('the subject', () => {
  it.each([
    ['Order', 'Re: Order', true],
    ['Order', 'RE: re:AW: Fwd: WG:  order ', true],
    ['Order', 'Re[2]: Order', true],
    ['[users] Order', 'Re: [users] Order', true],
    ['Order', '[EXTERNAL] Order', true],
    ['Order', 'SV: Order', true],
    ['订单', '回复：订单', true],
    ['Order', 'Order 2', false],
    ['Order', 'Invoice', false],
    ['Reorder', 'order', false],
    ['', 'Re:', true],
    ['', 'Order', false],
    ['Re: ', '', true],
  ])('%j and %j are one: %s', (one, other, isSame) => {
    expect(isSameSubject(one, other)).toBe(isSame);
  });
});

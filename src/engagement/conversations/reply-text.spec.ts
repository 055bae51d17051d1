import { expect, it } from '@jest/globals';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { MAX_REPLY, replyTextIn } from './reply-text.js';

it.each([
  ['Hello', 'Hello'],
  ['  as it is ', '  as it is '],
  ['a < b, c <3 and d > e', 'a < b, c <3 and d > e'],
  ['1 &amp; 2', '1 &amp; 2'],
  ['<p>1 &amp; 2</p>', '1 & 2'],
  ['<p>Hello</p><script>alert(1)</script>', 'Hello'],
  ['<img src=x onerror=alert(1)>Hi', 'Hi'],
  ['<x onmouseover=alert(1)>Hi</x>', 'Hi'],
  ['<a href="javascript:alert(1)">Hi</a>', 'Hi'],
])('%j says %j', (said, text) => {
  expect(replyTextIn('body', said)).toBe(text);
});

it.each([
  ['nothing to read', '<p><br></p>'],
  ['a picture alone', '<img src="https://x.example/a.png">'],
  ['too long a text', 'x'.repeat(MAX_REPLY + 1)],
  ['too many tags', `${'<b>'.repeat(10_001)}Hi`],
  ['too long a text of HTML', `<p>${'x'.repeat(MAX_REPLY + 1)}</p>`],
])('refuses %s', (_, said) => {
  expect(() => replyTextIn('body', said)).toThrow(Refusal);
});

it('takes ten thousand tags', () => {
  expect(replyTextIn('body', `${'<b>'.repeat(10_000)}Hi`)).toBe('Hi');
});

it('takes as many emoji as letters', () => {
  expect(replyTextIn('body', '😀'.repeat(MAX_REPLY))).toHaveLength(2 * MAX_REPLY);
});

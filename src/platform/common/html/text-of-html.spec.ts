import { expect, it } from '@jest/globals';
import { textOfHtml } from './text-of-html.js';

it.each([
  ['<p>Hello</p><p>you</p>', 'Hello\n\nyou'],
  ['a<br>b', 'a\nb'],
  ['<h1>Big</h1>', 'Big'],
  ['<a href="https://x.example/">here</a>', 'here <https://x.example/>'],
  ['<a href="https://x.example">https://x.example</a>', 'https://x.example'],
  ['<img data-src="https://x.example/a.png" alt="x">a', 'a'],
  ['<ul><li>a</li><li>b</li></ul>', '* a\n * b'],
  ['1 &lt; 2 &amp; 3', '1 < 2 & 3'],
  ['<p> </p>', ''],
])('%s says %j', (html, text) => {
  expect(textOfHtml(html)).toBe(text);
});

import { expect, it } from '@jest/globals';
import { shownHtml } from './shown-mail.js';

const FILES = [
  { fileId: 'a', contentId: 'image001.png@01DB' },
  { fileId: 'b', contentId: 'x&y%' },
  { fileId: 'gone', contentId: 'gone' },
];
const MEDIA = ['a', 'b'].map((fileId) => ({
  fileId,
  contentType: 'image/png',
  size: 1,
  url: `https://c.example/${fileId}?e=1&s=2`,
}));

it.each([
  ['<img src="cid:image001.png@01DB">', '<img src="https://c.example/a?e=1&amp;s=2">'],
  ['<img alt="x" src="cid:image001.png%4001DB">', '<img alt="x" src="https://c.example/a?e=1&amp;s=2">'],
  ['<img src="cid:x&amp;y%">', '<img src="https://c.example/b?e=1&amp;s=2">'],
  ['<img src="cid:gone"><img src="cid:other">', '<img src="cid:gone"><img src="cid:other">'],
  ['<p>src="cid:image001.png@01DB"</p>', '<p>src="cid:image001.png@01DB"</p>'],
])('%s is shown as %s', (html, shown) => {
  expect(shownHtml(html, FILES, MEDIA)).toBe(shown);
});

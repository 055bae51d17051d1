import { describe, expect, it } from '@jest/globals';
import { contentDisposition } from './content-disposition.js';

describe('contentDisposition', () => {
  it.each([
    [null, 'attachment'],
    ['a b.png', 'attachment; filename="a b.png"'],
    [
      'Übung’s (1)*.txt',
      `attachment; filename="_bung_s (1)*.txt"; filename*=UTF-8''%C3%9Cbung%E2%80%99s%20%281%29%2A.txt`,
    ],
    ['../..\\x', 'attachment; filename=".._.._x"'],
    [
      'a"\r\nSet-Cookie: b=1',
      `attachment; filename="a___Set-Cookie: b=1"; filename*=UTF-8''a%22__Set-Cookie%3A%20b%3D1`,
    ],
    // Shown backwards, this would end in ".png".
    ['\u202egnp.exe', 'attachment; filename="_gnp.exe"'],
    ['😀', `attachment; filename="__"; filename*=UTF-8''%F0%9F%98%80`],
  ])('of %j', (name, header) => expect(contentDisposition(name)).toBe(header));
});

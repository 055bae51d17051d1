import { describe, expect, it } from '@jest/globals';
import { mediaTypeOf } from './media-types.js';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const file = (hex: string, rest = ''): Buffer => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.from(rest, 'latin1')]);
const riff = (kind: string): Buffer => Buffer.from(`RIFF\x24\0\0\0${kind}fmt \x10\0\0\0`, 'latin1');
const ftyp = (brand: string): Buffer => Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0${brand}`, 'latin1');

describe('What may be sent to a phone', () => {
  it.each<[string, Buffer, string]>([
    ['image/png', png, 'image/png'],
    ['image/jpeg', file('ffd8ffe000104a46494600010100', 'x'.repeat(100)), 'image/jpeg'],
    ['image/jpg', file('ffd8ffe000104a46494600010100', 'x'.repeat(100)), 'image/jpeg'],
    ['image/gif', Buffer.from('GIF89a\x01\0\x01\0'), 'image/gif'],
    ['audio/mpeg', file('49443303000000007f7f', 'x'.repeat(100)), 'audio/mpeg'],
    ['audio/x-wav', riff('WAVE'), 'audio/wav'],
    ['video/mp4', ftyp('isom'), 'video/mp4'],
    ['video/3gpp', ftyp('3gp4'), 'video/3gpp'],
    ['application/pdf', Buffer.from('%PDF-1.7\n<script>alert(1)</script>'), 'application/pdf'],
    ['text/x-vcard', Buffer.from('\ufeffBEGIN:VCARD\r\nVERSION:3.0\r\n'), 'text/vcard'],
    ['text/vcard', Buffer.from('begin:vcard\nversion:3.0\n'), 'text/vcard'],
  ])('is %s', async (said, head, type) => expect(await mediaTypeOf(head, said)).toBe(type));

  it.each<[string, string, Buffer]>([
    ['HTML that is called an image', 'image/png', Buffer.from('<!DOCTYPE html><script>alert(1)</script>')],
    ['an image that is called HTML', 'text/html', png],
    ['an image of another kind', 'image/jpeg', png],
    ['an image of no kind', '', png],
    ['an image that is called anything', 'application/octet-stream', png],
    ['SVG', 'image/svg+xml', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['SVG that is called an image', 'image/png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a page that is a PDF further on', 'application/pdf', Buffer.from('<html><script>x</script>\n%PDF-1.7\n')],
    ['a picture that is a PDF further on', 'application/pdf', Buffer.from('GIF89a/*\n%PDF-1.7\n')],
    ['WebP', 'image/webp', riff('WEBP')],
    ['a program', 'application/pdf', file('4d5a90000300')],
    ['a text that speaks of a vCard', 'text/vcard', Buffer.from('Hello\r\nBEGIN:VCARD\r\n')],
    ['nothing', 'image/png', Buffer.alloc(0)],
    ['a name of every object', 'constructor', png],
  ])('is not %s', async (_, said, head) => expect(await mediaTypeOf(head, said)).toBeNull());
});

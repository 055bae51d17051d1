import { describe, expect, it } from '@jest/globals';
import { shortName } from './short-name.js';

describe('A short name', () => {
  it.each<[string | null, string, string]>([
    ['photo.png', 'image/png', 'photo.png'],
    ['a photo of a very long name indeed.jpeg', 'image/jpeg', 'a photo of a ver.jpg'],
    ['page.html', 'image/png', 'page.png'],
    ['x"; filename=y', 'application/pdf', 'x__ filename_y.pdf'],
    ['Übung.vcf', 'text/vcard', '_bung.vcf'],
    [null, 'video/3gpp', 'media.3gp'],
    ['.png', 'image/png', 'media.png'],
  ])('of %s, %s, is %s', (name, type, short) => {
    expect(shortName(name, type)).toBe(short);
    expect(short.length).toBeLessThanOrEqual(20);
  });
});

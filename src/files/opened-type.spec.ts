import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { HEAD_BYTES, headIn, isOpened, openedType } from './opened-type.js';

const GIF = Buffer.from('GIF89a\u0001\u0000\u0001\u0000', 'latin1');

describe('openedType', () => {
  it.each<[string, string | Buffer, string]>([
    ['image/png', '<!DOCTYPE html><script>alert(1)</script>', 'text/html'],
    ['image/png', '\ufeff \r\n<ScRiPt >alert(1)</script>', 'text/html'],
    ['image/png', '<svg xmlns="http://www.w3.org/2000/svg" onload="x()">', 'text/html'],
    ['application/pdf', '<!-- --><a href="javascript:x()">', 'text/html'],
    ['image/png', GIF, 'image/gif'],
    ['image/gif', GIF, 'image/gif'],
    ['image/png', 'PK\u0003\u0004' + '\0'.repeat(60), 'application/zip'],
    // They say nothing.
    ['image/png', 'hello', 'image/png'],
    ['image/png', '<ahem', 'image/png'],
    ['image/png', '', 'image/png'],
  ])('of %s that begins %j', async (said, head, type) => {
    expect(await openedType(said, Buffer.from(head as string))).toBe(type);
  });
});

it.each([
  [true, 'image/png', 'IMAGE/PNG', 'video/mp4', 'audio/mpeg', 'application/pdf', 'text/vcard'],
  [false, 'image/svg+xml', 'text/html', 'text/plain', 'application/zip', 'text/image/png'],
])('Programs open by themselves (%s): %s', (expected, ...types) => {
  expect(types.map((type) => isOpened(type as string))).toEqual(types.map(() => expected));
});

it('What is read is no more than what tells it', async () => {
  let read = 0;
  const endless = Readable.from(
    (function* () {
      for (;;) {
        read += 1;
        yield Buffer.alloc(1_000, 'x');
      }
    })(),
    { highWaterMark: 1 },
  );
  expect((await headIn(endless)).length).toBe(HEAD_BYTES);
  expect(read).toBeLessThan(10);
  expect(await headIn(Readable.from([Buffer.from('ab'), Buffer.from('c')]))).toEqual(Buffer.from('abc'));
});

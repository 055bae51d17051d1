import { expect, it } from '@jest/globals';
import { hostsIn } from './names.js';

it('The file of hosts names addresses in its own way', () => {
  const text = '# a comment\n127.0.0.1\tlocalhost Shop.test # here\n::1 localhost\n\nnonsense here\n10.0.0.1 db\n';
  expect([...hostsIn(text)]).toEqual([
    ['localhost', ['127.0.0.1', '::1']],
    ['shop.test', ['127.0.0.1']],
    ['db', ['10.0.0.1']],
  ]);
});

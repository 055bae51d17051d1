import { expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { withConstants } from './constants.js';

it('says const for an enum of one value, and leaves others as they are', () => {
  const before = { list: { type: 'string', enum: ['list'] }, type: { enum: ['a', 'b'] }, none: [null, { enum: null }] };
  expect(withConstants(before as unknown as OpenAPIObject)).toEqual({
    ...before,
    list: { type: 'string', const: 'list' },
  });
});

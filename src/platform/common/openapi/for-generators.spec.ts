import { describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { forGenerators } from './for-generators.js';

const changed = (schemas: object): object => forGenerators(schemas as OpenAPIObject);

describe('For generators', () => {
  it('an enum of one value is a constant', () => {
    expect(changed({ list: { type: 'string', enum: ['list'] } })).toEqual({ list: { type: 'string', const: 'list' } });
  });

  it('an object of any names, or null, is one of two schemas', () => {
    const metadata = { type: ['object', 'null'], additionalProperties: true, description: 'Yours.', example: { a: 1 } };
    expect(changed({ metadata })).toEqual({
      metadata: {
        description: 'Yours.',
        example: { a: 1 },
        anyOf: [{ type: 'object', additionalProperties: true }, { type: 'null' }],
      },
    });
  });

  it('a parameter is there or not, and never null', () => {
    const schema = { type: ['string', 'null'], maxLength: 255 };
    expect(changed({ parameters: [{ in: 'query', schema }], headers: { Link: { schema } } })).toEqual({
      parameters: [{ in: 'query', schema: { type: 'string', maxLength: 255 } }],
      headers: { Link: { schema } },
    });
  });

  it('all else stays', () => {
    const schemas = {
      choice: { enum: ['a', 'b'] },
      text: { type: ['string', 'null'], enum: ['a', null] },
      object: { type: ['object', 'null'], properties: {}, additionalProperties: false },
      map: { type: 'object', additionalProperties: { type: 'string' } },
      list: [null, 1, { example: { enum: null } }],
    };
    expect(changed(schemas)).toEqual(schemas);
  });
});

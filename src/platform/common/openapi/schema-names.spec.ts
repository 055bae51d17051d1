import { describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { renameSchemas } from './schema-names.js';

const documentOf = (schemas: object): OpenAPIObject => ({ paths: {}, components: { schemas } }) as OpenAPIObject;

describe('renameSchemas', () => {
  it('renames schemas, and what refers to them', () => {
    const before = documentOf({
      LayerMessageDto: { properties: { part: { $ref: '#/components/schemas/LayerPartDto' } } },
      LayerPartDto: { description: 'What a LayerMessageDto is made of' },
      Error: {},
    });
    expect(renameSchemas(before)).toEqual(
      documentOf({
        Message: { properties: { part: { $ref: '#/components/schemas/Part' } } },
        Part: { description: 'What a LayerMessageDto is made of' },
        Error: {},
      }),
    );
  });

  it('refuses to call two the same', () => {
    expect(() => renameSchemas(documentOf({ MessageDto: {}, Part: {}, LayerMessageDto: {} }))).toThrow(
      'Two schemas would be called Message',
    );
  });
});

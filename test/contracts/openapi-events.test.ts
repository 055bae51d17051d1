import { describe, expect, it } from '@jest/globals';
import { WEBHOOK_EVENTS } from '../../src/platform/outbox/event-types.js';
import { document } from '../support/truth.js';

interface EventSchema {
  readonly properties: { readonly type: { readonly const: string } };
}
interface Webhook {
  readonly post: {
    readonly operationId: string;
    readonly parameters: ReadonlyArray<{ readonly name: string }>;
    readonly requestBody: {
      readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } }>>;
    };
    readonly responses: Readonly<Record<string, unknown>>;
  };
}

const { components, webhooks } = document as unknown as {
  components: { schemas: Record<string, unknown> };
  webhooks: Record<string, Webhook>;
};
const types = [...WEBHOOK_EVENTS, 'webhook_endpoint.test'];

describe('Every type of event', () => {
  it('has a schema of its own in the union of all', () => {
    const { oneOf, discriminator } = components.schemas.Event as {
      oneOf: Array<{ $ref: string }>;
      discriminator: { propertyName: string; mapping: Record<string, string> };
    };
    expect(discriminator.propertyName).toBe('type');
    expect(Object.keys(discriminator.mapping)).toEqual(types);
    expect(oneOf.map(({ $ref }) => $ref)).toEqual(Object.values(discriminator.mapping));
    for (const [type, reference] of Object.entries(discriminator.mapping)) {
      const schema = components.schemas[reference.split('/').at(-1)!] as EventSchema;
      expect(schema.properties.type.const).toBe(type);
    }
  });

  it('is a webhook, with the headers that sign it', () => {
    expect(Object.keys(webhooks)).toEqual(types);
    const ids = Object.values(webhooks).map(({ post }) => post.operationId);
    expect(new Set(ids).size).toBe(types.length);
    for (const [type, { post }] of Object.entries(webhooks)) {
      expect(post.parameters.map(({ name }) => name)).toEqual(['webhook-id', 'webhook-timestamp', 'webhook-signature']);
      const { $ref } = post.requestBody.content['application/json']!.schema;
      expect((components.schemas[$ref.split('/').at(-1)!] as EventSchema).properties.type.const).toBe(type);
      expect(Object.keys(post.responses)).toEqual(['204', '410', 'default']);
    }
  });
});

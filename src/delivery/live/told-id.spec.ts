import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { conversationIdOf, eventIdOf } from './told-id.js';

it('What became of a conversation has an id of its own, which leads back to the event', () => {
  const id = randomUUID();
  expect(conversationIdOf(id)).not.toBe(id);
  expect([eventIdOf(conversationIdOf(id)), eventIdOf(id)]).toEqual([id, id]);
});

import { expect } from '@jest/globals';
import type { Reply, TestClient } from './given.js';
import type { HeaderLine } from './raw-http.js';

/** What only a stack, a statement or a path of ours looks like. */
export const LEAK = /\bat \/|\bat [\w.]+ \(|node_modules|\bSELECT\b|\bINSERT INTO\b|pg_|\.js:\d|QueryFailedError/;

/** What holds of every answer, whatever was sent: no fault of ours, a name, and an error that tells nothing of how we work. */
export function expectSane(reply: Reply): Reply {
  const { status, headers, body, text } = reply;
  if (status >= 500) {
    throw new Error(`A fault of ours: ${status} ${text}`);
  }
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/);
  if (status >= 400) {
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body.request_id).toBe(headers.get('x-request-id'));
    // Only a path where not even the Host could be read.
    expect(body.doc_url.replace(/^http:\/\/[^/]+/, '')).toBe(`/docs/errors#${body.code}`);
    expect(text).not.toMatch(LEAK);
  }
  return reply;
}

/** Holds that an answer is sane, and refuses with this status. */
export function expectRefused(reply: Reply, status: number, error?: string): void {
  expectSane(reply);
  expect({ status: reply.status, error: error && reply.body?.error }).toEqual({ status, error });
}

/** Holds that an answer is a sane 422 that names these fields and no other. */
export function expectFields(reply: Reply, ...fields: string[]): void {
  expectSane(reply);
  const named = Object.keys(reply.body?.errors ?? {}).sort();
  expect({ status: reply.status, named }).toEqual({ status: 422, named: fields.sort() });
}

/** What this client's requests carry, line by line. */
export function linesOf(client: TestClient, ...without: string[]): HeaderLine[] {
  return Object.entries(client.headers).filter(([name]) => !without.includes(name));
}

/** Runs a story while somebody else keeps asking; the longest that an answer took, in milliseconds. */
export async function longestWait(bystander: TestClient, story: () => Promise<unknown>): Promise<number> {
  let over = false;
  let longest = 0;
  const done = story().finally(() => {
    over = true;
  });
  while (!over) {
    const start = performance.now();
    expect((await bystander.send('GET', '/api/v1/customers?limit=1')).status).toBe(200);
    longest = Math.max(longest, performance.now() - start);
  }
  await done;
  return longest;
}

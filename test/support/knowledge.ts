import type { TestCaller } from './engagement.js';
import { accepted, truthfulFetch, type Reply } from './given.js';
import type { ServerAddress } from './server.js';
import { until } from './until.js';

const PATH = '/knowledge-base';

export interface ShownDocument {
  readonly id: number;
  readonly uuid: string;
  readonly title: string;
  readonly status: string;
  readonly error: string | null;
  readonly content: string | null;
  readonly language: string | null;
  readonly chunks_count: number;
}

/** A file and what is said of it, as a form. */
export async function sendDocument(
  server: ServerAddress,
  by: TestCaller,
  file: { readonly name: string; readonly bytes: Buffer | string },
  fields: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const form = new FormData();
  Object.entries({ title: file.name.slice(0, 500), ...fields }).forEach(([name, value]) => form.append(name, value));
  form.append('file', new Blob([new Uint8Array(Buffer.from(file.bytes))]), file.name);
  const headers = { authorization: `Bearer ${by.token}` };
  const response = await truthfulFetch(`${server.url}/api/v1${PATH}`, { method: 'POST', body: form, headers });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? null : JSON.parse(text),
  };
}

/** Once nobody works on it any more. */
export function readDocument(by: TestCaller, { id }: Pick<ShownDocument, 'id'>): Promise<ShownDocument> {
  return until(async () => {
    const shown = accepted(await by.send('GET', `${PATH}/${id}`)).body.data as ShownDocument;
    return ['extracting', 'chunking', 'embedding'].includes(shown.status) ? null : shown;
  }, 120);
}

export async function titlesFound(by: TestCaller, q: string): Promise<string[]> {
  const found = accepted(await by.send('GET', `${PATH}/search?q=${encodeURIComponent(q)}`)).body.data;
  return (found as { title: string }[]).map(({ title }) => title);
}

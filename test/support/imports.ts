import type { TestCaller } from './engagement.js';
import { accepted, truthfulFetch, type Reply } from './given.js';
import type { ServerAddress } from './server.js';
import { until } from './until.js';

type Fields = readonly (readonly [string, string])[];

/** Sends a file with a form, as a page does. */
export async function sendFile(
  server: Pick<ServerAddress, 'url'>,
  by: TestCaller,
  file: string | Uint8Array<ArrayBuffer> | null,
  fields: Fields = [],
  headers: Record<string, string> = {},
): Promise<Reply> {
  const form = new FormData();
  if (file !== null) {
    form.append('file', new Blob([file], { type: 'text/csv' }), '../../contacts.csv');
  }
  fields.forEach(([name, value]) => form.append(name, value));
  const response = await truthfulFetch(`${server.url}/api/v1/contacts/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${by.token}`, ...headers },
    body: form,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

/** An import that a worker takes, as it is shown. */
export async function beginImport(
  server: Pick<ServerAddress, 'url'>,
  by: TestCaller,
  file: string,
  fields: Fields = [],
) {
  const begun = await sendFile(server, by, file, [['async', '1'], ...fields]);
  if (begun.status !== 202) {
    throw new Error(`Not begun: ${begun.status} ${begun.text}`);
  }
  return begun.body.data as { readonly id: number; readonly uuid: string };
}

/** The same once it has ended. */
export async function endOf(by: TestCaller, { id }: { readonly id: number }, seconds = 60) {
  const show = async () => accepted(await by.send('GET', `/contacts/imports/${id}`)).body.data;
  let shown = await show();
  await until(async () => {
    shown = await show();
    return !['pending', 'processing'].includes(shown.status as string);
  }, seconds);
  return shown;
}

/** A file of so many contacts, each with its number in its name. */
export function fileOf(many: number, from = 0): string {
  const rows = Array.from({ length: many }, (_, at) => `c${from + at}@example.com,C${from + at}`);
  return `email,first_name\n${rows.join('\n')}\n`;
}

import type { ValidateFunction } from 'ajv';
import { GROUPS } from '../../src/dialects/engagement/http/is-for-engagement.js';

interface Schema {
  readonly $ref?: string;
  readonly properties?: object;
  readonly additionalProperties?: unknown;
}
interface Answer {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}
export interface Operation {
  readonly operationId: string;
  readonly security?: ReadonlyArray<Readonly<Record<string, readonly string[]>>>;
  readonly parameters?: ReadonlyArray<{
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: object;
  }>;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly responses: Readonly<Record<string, Answer>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

/** An operation with its method (upper case) and its path as the document writes it. */
interface KnownOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Those of environment.mjs. */
interface Documents {
  readonly documents: Readonly<Record<string, Committed>>;
  readonly validatorOf: (pointer: string) => ValidateFunction;
  readonly errorsText: (errors: ValidateFunction['errors']) => string;
  /** The type of what is not null. */
  readonly typeOf: (schema: { readonly type?: unknown }) => unknown;
}
interface Committed {
  readonly document: Document;
  readonly operations: readonly KnownOperation[];
}

const { documents, errorsText, typeOf, validatorOf } = (globalThis as unknown as { truth: Documents }).truth;
export { typeOf };
const core = documents['openapi.json']!;
const layer = documents['openapi-layer.json']!;
const workspaces = documents['openapi-workspaces.json']!;
const engagement = documents['openapi-engagement.json']!;
export const { document, operations } = core;

/** The same of the Layer dialect. */
export const { document: layerDocument, operations: layerOperations } = layer;

/** The same of workspaces and SMS. */
export const { document: workspaceDocument, operations: workspaceOperations } = workspaces;

/** The same of the engagement dialect. */
export const { document: engagementDocument, operations: engagementOperations } = engagement;

/**
 * Holds one answer against the OpenAPI document: its status is documented, its body is what is documented, its headers are.
 * @throws Error saying what the document does not say
 */
export async function holdAgainstDocument(method: string, url: string, response: Response): Promise<void> {
  const { pathname } = new URL(url);
  const [file, { document, operations }] = documentOf(method, pathname);
  const found = find(operations, method, pathname);
  if (!found) {
    return;
  }
  const { path, operation } = found;
  const name = `${operation.operationId} → ${response.status}`;
  const declared = operation.responses[response.status];
  if (!declared) {
    throw new Error(`${name} is not documented`);
  }
  const pointer = declared.$ref ?? `#/paths/${escape(path)}/${method.toLowerCase()}/responses/${response.status}`;
  const answer = declared.$ref ? document.components.responses[declared.$ref.split('/').at(-1)!]! : declared;
  for (const header of ['x-request-id', 'retry-after', 'idempotent-replayed', 'www-authenticate']) {
    const documented = Object.keys(answer.headers ?? {}).some((key) => key.toLowerCase() === header);
    if (response.headers.has(header) && !documented) {
      throw new Error(`${name}: the header ${header} is not documented`);
    }
  }
  const text = await response.clone().text();
  if (!answer.content) {
    if (text !== '') {
      throw new Error(`${name}: no body is documented`);
    }
    return;
  }
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  if (!(type in answer.content)) {
    throw new Error(`${name}: ${type} is not documented`);
  }
  if (type !== 'application/json') {
    return;
  }
  const validate = validatorOf(`${file}${pointer}/content/application~1json/schema`);
  if (!validate(JSON.parse(text))) {
    throw new Error(`${name}: ${errorsText(validate.errors)} in ${text}`);
  }
}

function documentOf(method: string, pathname: string) {
  if (/^\/api\/(auth|ui|messages)(\/|$)/.test(pathname)) {
    return ['openapi-workspaces.json', workspaces] as const;
  }
  const [group = ''] = /(?<=^\/api\/v1\/)[^/]+/.exec(pathname) ?? [];
  if (GROUPS.includes(group) || (pathname.startsWith('/admin/') && find(engagement.operations, method, pathname))) {
    return ['openapi-engagement.json', engagement] as const;
  }
  return pathname.startsWith('/layer') ? (['openapi-layer.json', layer] as const) : (['openapi.json', core] as const);
}

/** What is wrong with a value that is to be what is at this place of a document, or null. */
export function problemAt(file: string, place: readonly string[], value: unknown): string | null {
  const validate = validatorOf(`${file}#/${place.map(escape).join('/')}`);
  return validate(value) ? null : errorsText(validate.errors);
}

/** What is wrong with a webhook by the document; null where nothing is. */
export function faultOfWebhook(type: string, headers: Readonly<Record<string, string>>, body: unknown): string | null {
  const isCore = type in (document as unknown as Webhooks).webhooks;
  const [file, of] = isCore ? ['openapi.json', document] : ['openapi-engagement.json', engagementDocument];
  const webhook = `${file}#/webhooks/${encodeURIComponent(type)}/post`;
  const { parameters } = (of as unknown as Webhooks).webhooks[type]!.post;
  const wrong = parameters.find(({ name }, at) => {
    return !validatorOf(`${webhook}/parameters/${at}/schema`)(headers[name]);
  });
  const validate = validatorOf(`${webhook}/requestBody/content/application~1json/schema`);
  return wrong ? `${type}: ${wrong.name}` : validate(body) ? null : `${type}: ${errorsText(validate.errors)}`;
}

interface Webhooks {
  readonly webhooks: Readonly<
    Record<string, { readonly post: { readonly parameters: ReadonlyArray<{ readonly name: string }> } }>
  >;
}

/** Literal paths before those with parameters, as the server routes them. */
function find(operations: readonly KnownOperation[], method: string, pathname: string): KnownOperation | undefined {
  const parts = pathname.split('/');
  return operations
    .filter((one) => one.method === method)
    .filter(({ path }) => {
      const pattern = path.split('/');
      return pattern.length === parts.length && pattern.every((part, at) => part.startsWith('{') || part === parts[at]);
    })
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
}

function escape(path: string): string {
  return encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'));
}

import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

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

const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
const validators = new Map<string, ValidateFunction>();

/** A committed document, to hold answers against. */
function committed(file: string): { document: Document; operations: KnownOperation[] } {
  const document = JSON.parse(readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')) as Document;
  ajv.addSchema(closed(document), file);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  return { document, operations };
}

const [core, layer] = [committed('openapi.json'), committed('openapi-layer.json')];
const workspaces = committed('openapi-workspaces.json');
export const { document, operations } = core;

/** The same of the Layer dialect. */
export const { document: layerDocument, operations: layerOperations } = layer;

/** The same of workspaces and SMS. */
export const { document: workspaceDocument, operations: workspaceOperations } = workspaces;

/** The type of what is not null. */
export function typeOf({ type }: { readonly type?: unknown }): unknown {
  return Array.isArray(type) ? type.find((one) => one !== 'null') : type;
}

/** What an object may hold is what the document says, and nothing more. */
function closed<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(closed) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, key === 'example' ? inner : closed(inner)] as const,
  );
  const copy = Object.fromEntries(entries) as Record<string, unknown>;
  // Inside `properties` the keys are names, and one of them may be "properties".
  if (typeOf(copy) === 'object' && typeof copy.properties === 'object' && !('additionalProperties' in copy)) {
    copy.additionalProperties = false;
  }
  return copy as T;
}

/**
 * Holds one answer against the OpenAPI document: its status is documented, its body is what is documented, its headers are.
 * @throws Error saying what the document does not say
 */
export async function holdAgainstDocument(method: string, url: string, response: Response): Promise<void> {
  const { pathname } = new URL(url);
  const [file, { document, operations }] = documentOf(pathname);
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
  const validate = validatorOf(`${file}${pointer}/content/application~1json/schema`);
  if (!validate(JSON.parse(text))) {
    throw new Error(`${name}: ${ajv.errorsText(validate.errors)} in ${text}`);
  }
}

function documentOf(pathname: string) {
  if (/^\/api\/(auth|ui|messages)(\/|$)/.test(pathname)) {
    return ['openapi-workspaces.json', workspaces] as const;
  }
  return pathname.startsWith('/layer') ? (['openapi-layer.json', layer] as const) : (['openapi.json', core] as const);
}

/** What is wrong with a value that is to be what is at this place of a document, or null. */
export function problemAt(file: string, place: readonly string[], value: unknown): string | null {
  const validate = validatorOf(`${file}#/${place.map(escape).join('/')}`);
  return validate(value) ? null : ajv.errorsText(validate.errors);
}

/** What is wrong with a webhook by the document; null where nothing is. */
export function faultOfWebhook(type: string, headers: Readonly<Record<string, string>>, body: unknown): string | null {
  const webhook = `openapi.json#/webhooks/${encodeURIComponent(type)}/post`;
  const { parameters } = (document as unknown as Webhooks).webhooks[type]!.post;
  const wrong = parameters.find(({ name }, at) => {
    return !validatorOf(`${webhook}/parameters/${at}/schema`)(headers[name]);
  });
  const validate = validatorOf(`${webhook}/requestBody/content/application~1json/schema`);
  return wrong ? `${type}: ${wrong.name}` : validate(body) ? null : `${type}: ${ajv.errorsText(validate.errors)}`;
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

function validatorOf(pointer: string): ValidateFunction {
  const known = validators.get(pointer) ?? ajv.compile({ $ref: pointer });
  validators.set(pointer, known);
  return known;
}

function escape(path: string): string {
  return encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'));
}

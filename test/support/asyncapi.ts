import { readFileSync } from 'node:fs';
import { afterAll, expect } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { load } from 'js-yaml';

interface Reference {
  readonly $ref: string;
}
interface Payload {
  readonly properties?: Readonly<Record<string, { readonly const?: string; readonly enum?: readonly string[] }>>;
}
interface AsyncDocument {
  readonly operations: Readonly<Record<string, { readonly messages: readonly Reference[] }>>;
  readonly components: { readonly messages: Readonly<Record<string, MessageObject>> };
}
interface MessageObject {
  readonly payload: Payload;
  readonly examples?: ReadonlyArray<{ readonly payload: unknown }>;
}

const read = (file: string): string => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
export const asyncDocument = load(read('asyncapi.yaml')) as AsyncDocument;

const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
for (const file of ['openapi.json', 'openapi-layer.json', 'openapi-workspaces.json', 'openapi-engagement.json']) {
  ajv.addSchema(JSON.parse(read(file)) as object, file);
}
// What a string holds that is JSON itself.
ajv.addKeyword({
  keyword: 'x-contentSchema',
  type: 'string',
  compile: (schema: object) => {
    let validate: ValidateFunction | undefined;
    return function contentIs(text: string): boolean {
      validate ??= ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"asyncapi.yaml#/')) as object);
      const isSo = validate(JSON.parse(text));
      (contentIs as ValidateFunction).errors = validate.errors;
      return isSo;
    };
  },
});
ajv.addSchema(asyncDocument, 'asyncapi.yaml');

const validators = new Map<string, ValidateFunction>();

function validatorOf(message: string): ValidateFunction {
  const known =
    validators.get(message) ?? ajv.compile({ $ref: `asyncapi.yaml#/components/messages/${message}/payload` });
  validators.set(message, known);
  return known;
}

/** What is wrong with a frame by the messages of this operation; null where it is one of them. */
export function faultOf(operation: string, frame: unknown): string | null {
  const validators = messagesOf(operation).map(validatorOf);
  if (validators.some((validate) => validate(frame))) {
    return null;
  }
  const faults = validators.map(({ errors }) => ajv.errorsText(errors));
  return `${JSON.stringify(frame)} is no message of ${operation}: ${faults.join('; ')}`;
}

const came: Array<readonly [operation: string, frame: unknown]> = [];
afterAll(() => {
  expect(came.map((one) => faultOf(...one)).filter((fault) => fault !== null)).toEqual([]);
});

/** Notes a frame that came, to be held against the document at the end: while a test runs it would take its time. */
export function holdAgainstAsyncApi(operation: string, frame: unknown): void {
  came.push([operation, frame]);
}

export function messagesOf(operation: string): string[] {
  return asyncDocument.operations[operation]!.messages.map(({ $ref }) => $ref.split('/').at(-1)!);
}

/** What `event` can be in the frames of an operation, where that is a list. */
export function eventsOf(operation: string): string[] {
  return messagesOf(operation).flatMap((name) => {
    const { const: only, enum: some } = asyncDocument.components.messages[name]!.payload.properties!.event!;
    return some ?? (only === undefined ? [] : [only]);
  });
}

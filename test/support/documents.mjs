import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
const validators = new Map();

/** The committed documents, to hold answers against: read once for all files of a worker, as are the validators. */
export const documents = Object.fromEntries(
  ['openapi.json', 'openapi-layer.json', 'openapi-workspaces.json', 'openapi-engagement.json'].map((file) => [
    file,
    committed(file),
  ]),
);

/** What holds a value against this place of a document: `openapi.json#/components/…`. */
export function validatorOf(pointer) {
  const known = validators.get(pointer) ?? ajv.compile({ $ref: pointer });
  validators.set(pointer, known);
  return known;
}

export function errorsText(errors) {
  return ajv.errorsText(errors);
}

function committed(file) {
  const document = JSON.parse(readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8'), frozen);
  ajv.addSchema(closed(document), file);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  return { document, operations };
}

/** No test may change what the next one reads. */
function frozen(_, value) {
  return Object.freeze(value);
}

/** What an object may hold is what the document says, and nothing more. */
function closed(value) {
  if (Array.isArray(value)) {
    return value.map(closed);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([key, inner]) => [key, key === 'example' ? inner : closed(inner)]);
  const copy = Object.fromEntries(entries);
  // Inside `properties` the keys are names, and one of them may be "properties".
  if (typeOf(copy) === 'object' && typeof copy.properties === 'object' && !('additionalProperties' in copy)) {
    copy.additionalProperties = false;
  }
  return copy;
}

/** The type of what is not null. */
export function typeOf({ type }) {
  return Array.isArray(type) ? type.find((one) => one !== 'null') : type;
}

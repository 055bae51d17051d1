import { describe, expect, it } from '@jest/globals';
import { layerOperations, operations } from '../support/truth.js';

type Known = (typeof operations)[number];

const both = [...operations, ...layerOperations];
const shown = (of: readonly Known[]): string[] => of.map(({ method, path }) => `${method} ${path}`);
const tagged = (tag: string): Known[] =>
  operations.filter(({ operation }) => (operation as Known['operation'] & { tags: string[] }).tags.includes(tag));

describe('A reader of the document meets', () => {
  it('what is created, listed, read, changed and deleted, in this order', () => {
    expect(shown(tagged('customers')).slice(0, 7)).toEqual([
      'POST /api/v1/customers',
      'GET /api/v1/customers',
      'GET /api/v1/customers/active',
      'GET /api/v1/customers/active-for-sender',
      'GET /api/v1/customers/{id}',
      'PATCH /api/v1/customers/{id}',
      'DELETE /api/v1/customers/{id}',
    ]);
    expect(shown(tagged('messages')).slice(0, 7)).toEqual([
      'POST /api/v1/messages',
      'POST /api/v1/messages/send-to-customer',
      'GET /api/v1/messages/channel/{id}',
      'GET /api/v1/messages/customer/{id}',
      'GET /api/v1/messages/between',
      'GET /api/v1/messages/{id}',
      'DELETE /api/v1/messages/{id}',
    ]);
  });

  it('what belongs to something after it, each kind together', () => {
    expect(shown(tagged('admin')).slice(5)).toEqual([
      'POST /admin/v1/clients/{id}/keys',
      'GET /admin/v1/clients/{id}/keys',
      'DELETE /admin/v1/clients/{id}/keys/{key_id}',
      'POST /admin/v1/clients/{id}/invitations',
      'POST /admin/v1/clients/{id}/identity_keys',
      'GET /admin/v1/clients/{id}/identity_keys',
      'DELETE /admin/v1/clients/{id}/identity_keys/{key_id}',
    ]);
  });

  it('of every operation what is required before what is not', () => {
    const mixed = both.filter(({ operation: { parameters = [] } }) => {
      const required = parameters.map((parameter) => parameter.required === true);
      return required.includes(false) && required.lastIndexOf(true) > required.indexOf(false);
    });
    expect(shown(mixed)).toEqual([]);
  });

  it('one way of writing the names of parameters in paths', () => {
    const names = both.flatMap(({ path }) => path.match(/\{\w+\}/g) ?? []);
    expect(names.filter((name) => !/^\{[a-z]+(_[a-z]+)*\}$/.test(name))).toEqual([]);
  });
});

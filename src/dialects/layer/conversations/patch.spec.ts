import { describe, expect, it } from '@jest/globals';
import { patchMetadata, readPatch } from './patch.js';

const set = (property: string, value: unknown) => ({ operation: 'set', property, value });
const remove = (property: string) => ({ operation: 'delete', property });
const patched = (metadata: Record<string, unknown>, ...operations: unknown[]) =>
  patchMetadata(metadata, readPatch(operations).metadata);

describe('A patch of metadata', () => {
  it('sets and deletes at a path, making what leads there', () => {
    expect(patched({}, set('metadata.a.b', '1'), set('metadata.a.c', '2'))).toEqual({ a: { b: '1', c: '2' } });
    expect(patched({ a: { b: '1', c: '2' } }, remove('metadata.a.b'))).toEqual({ a: { c: '2' } });
    expect(patched({ a: 'text' }, set('metadata.a.b', '1'))).toEqual({ a: { b: '1' } });
    expect(patched({ a: '1' }, set('metadata.b', { c: '2' }))).toEqual({ a: '1', b: { c: '2' } });
  });

  it('replaces and clears all of it', () => {
    expect(patched({ a: '1' }, set('metadata', { b: '2' }))).toEqual({ b: '2' });
    expect(patched({ a: '1' }, remove('metadata'))).toEqual({});
  });

  it('does one after another', () => {
    expect(patched({}, set('metadata', { a: '1' }), remove('metadata.a'), set('metadata.b', '2'))).toEqual({ b: '2' });
  });

  it('deletes what is not there', () => {
    expect(patched({ a: '1' }, remove('metadata.b'), remove('metadata.a.b'), remove('metadata.c.d'))).toEqual({
      a: '1',
    });
  });

  it('takes a dot that is escaped for a dot', () => {
    expect(patched({}, set(String.raw`metadata.a\.b.c`, '1'))).toEqual({ 'a.b': { c: '1' } });
    expect(patched({}, set(String.raw`metadata.a\\.b`, '1'))).toEqual({ 'a\\': { b: '1' } });
  });

  it('keeps what the core put there', () => {
    expect(patched({ count: 3, list: [1] }, set('metadata.a', '1'))).toEqual({ count: 3, list: [1], a: '1' });
  });

  it('takes any name for a key, and nothing else', () => {
    const metadata = patched({}, set('metadata.__proto__.polluted', 'yes'), set('metadata.constructor', 'c'));
    expect(JSON.stringify(metadata)).toBe('{"__proto__":{"polluted":"yes"},"constructor":"c"}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(patched({}, remove('metadata.toString.name'))).toEqual({});
  });

  it.each([
    [set('metadata.a', 1)],
    [set('metadata.a', null)],
    [set('metadata.a', ['1'])],
    [set('metadata.a', { b: 1 })],
    [set('metadata', 'text')],
    [set('metadata.a', 'x\u0000')],
    [set('metadata.', '1')],
    [set('metadata.a..b', '1')],
    [set('metadata.a.b.c.d.e.f', '1')],
    [set(`metadata${'.a'.repeat(100_000)}`, '1')],
    [set('metadata.a', { b: { c: { d: { e: { f: '1' } } } } })],
    [set('metadata.a', 'x'.repeat(16 * 1024))],
    [Array.from({ length: 51 }, (_, at) => set(`metadata.k${at}`, '1'))].flat(),
  ])('refuses what can not be kept', (...operations) => {
    expect(() => patched({}, ...operations)).toThrow(expect.objectContaining({ id: 'invalid_property' }));
  });
});

describe('A patch', () => {
  it('reads participants however they are named', () => {
    expect(
      readPatch([
        { operation: 'add', property: 'participants', value: 'jane' },
        { operation: 'add', property: 'participants', id: 'layer:///identities/j%C3%B6rg%2F1' },
        { operation: 'remove', property: 'participants', value: { user_id: 'john' } },
        { operation: 'set', property: 'participants', value: ['jane', { id: 'layer:///identities/john' }] },
      ]).participants,
    ).toEqual([
      { operation: 'add', userIds: ['jane'] },
      { operation: 'add', userIds: ['jörg/1'] },
      { operation: 'remove', userIds: ['john'] },
      { operation: 'set', userIds: ['jane', 'john'] },
    ]);
  });

  it.each([
    { operation: 'move', property: 'metadata.a', value: '1' },
    { operation: 'add', property: 'metadata.a', value: '1' },
    { operation: 'delete', property: 'participants', value: 'jane' },
    { operation: 'set', property: 'participants', value: 'jane' },
    { operation: 'add', property: 'participants', value: ['jane'] },
    { operation: 'add', property: 'participants' },
    { operation: 'set', property: 'distinct', value: true },
    { operation: 'set', property: 'metadatum', value: '1' },
    { operation: 'set', property: 'participants.0', value: ['jane'] },
    { operation: 'set' },
    { operation: 'set', property: ['metadata'], value: {} },
    null,
    'set',
    7,
    {},
  ])('refuses %j', (operation) => {
    expect(() => readPatch([operation])).toThrow(expect.objectContaining({ id: 'invalid_property' }));
  });

  it('refuses a property that is too long without repeating it', () => {
    const property = `metadata.${'x'.repeat(16 * 1024)}`;
    expect(() => readPatch([{ operation: 'set', property, value: '1' }])).toThrow(
      expect.objectContaining({ id: 'invalid_property', data: { property: 'property' } }),
    );
  });

  it.each([[{}], ['[]'], [null], [Array.from({ length: 101 }, () => set('metadata.a', '1'))]])(
    'is a list, and not too long',
    (body) => {
      expect(() => readPatch(body)).toThrow(expect.objectContaining({ id: 'invalid_request' }));
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import type { MergingContact } from './contact-merges.repository.js';
import { mergedFields } from './merged-fields.js';

const NOBODY: MergingContact = {
  ...{ id: '1', number: 1, firstName: 'Anna', lastName: null, name: 'Anna', profile: null, email: null, phone: null },
  ...{ customerPhone: null, company: null, jobTitle: null, city: null, country: null, timezone: null },
  ...{ leadScore: 0, status: 'active', customFields: {} },
};
const as = (fields: Partial<MergingContact>): MergingContact => ({ ...NOBODY, ...fields });

describe('what one says of itself that was two', () => {
  it('of each field is what this one has, else what the other has', () => {
    const { fields } = mergedFields(as({ city: 'Rome' }), as({ city: 'Oslo', company: 'Acme', leadScore: 7 }), {});
    expect(fields).toMatchObject({ city: 'Rome', company: 'Acme', leadScore: 7 });
  });

  it('is what the other has where that is to stay, if it has any', () => {
    const stays = as({ city: 'Rome', company: 'Acme', leadScore: 9 });
    const keep = { city: 'other', company: 'other', leadScore: 'other' } as const;
    expect(mergedFields(stays, as({ city: 'Oslo', leadScore: 3 }), keep).fields).toMatchObject({
      ...{ city: 'Oslo', company: 'Acme', leadScore: 3 },
    });
  });

  it('keeps a number though the phone that stays was typed as none', () => {
    const stays = as({ phone: '030 77' });
    const goes = as({ phone: '+14155550001', customerPhone: '+14155550001' });
    const { fields, customer, former } = mergedFields(stays, goes, {});
    expect([fields.phone, customer.phone]).toEqual(['030 77', '+14155550001']);
    expect(former).toEqual({ email: null, phone: null, typedPhone: '+14155550001' });
  });

  it('tells by what it is known no more', () => {
    const stays = as({ email: 'a@x.example', phone: '+14155550001', customerPhone: '+14155550001' });
    const goes = as({ email: 'b@x.example', phone: '415 555 0002', customerPhone: '+14155550002' });
    expect(mergedFields(stays, goes, { email: 'other' }).former).toEqual({
      ...{ email: 'a@x.example', phone: '+14155550002', typedPhone: '415 555 0002' },
    });
    expect(mergedFields(stays, as({}), { email: 'other', phone: 'other' }).former).toEqual({
      ...{ email: null, phone: null, typedPhone: null },
    });
  });

  it('is called what the names that stay make up, and else as before', () => {
    const named = { name: 'Ann', profile: { first_name: 'Ann', avatar_url: 'https://a.example' } };
    const { customer } = mergedFields(as({ firstName: 'Ann', ...named }), as({ lastName: 'Ayer' }), {});
    expect(customer).toMatchObject({ name: 'Ann Ayer', profile: { ...named.profile, last_name: 'Ayer' } });
    expect(mergedFields(as({ name: 'Anna' }), as({}), {}).customer).toMatchObject({ name: 'Anna', profile: null });
  });

  it('is unsubscribed where either is', () => {
    const gone = as({ status: 'unsubscribed' });
    expect(mergedFields(as({}), gone, { status: 'this' }).fields.status).toBe('unsubscribed');
    expect(mergedFields(gone, as({}), { status: 'other' }).fields.status).toBe('unsubscribed');
    expect(mergedFields(as({}), as({ status: 'inactive' }), { status: 'other' }).fields.status).toBe('inactive');
  });
});

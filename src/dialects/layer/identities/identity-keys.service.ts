import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { InvalidInput, notFound, tooMany, type Refusal } from '../../../platform/common/errors/refusal.js';
import type { Page, PageQuery } from '../../../platform/common/pagination/page.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { Algorithm } from './identity-key.entity.js';
import { IdentityKeysRepository, type IdentityKeyRow } from './identity-keys.repository.js';
import { readPublicKey } from './public-key.js';

/** Of one client. */
const MAX_KEYS_PER_CLIENT = 20;

export interface NewIdentityKey {
  readonly algorithm: Algorithm;
  /** PEM. */
  readonly publicKey: string;
}

/** With which a client's own server says who somebody is. */
@Injectable()
export class IdentityKeysService {
  constructor(private readonly keys: IdentityKeysRepository) {}

  /** @throws InvalidInput on `public_key`, or Refusal 409 where there are so many */
  async create(tenant: Tenant, key: NewIdentityKey): Promise<IdentityKeyRow> {
    const made = await this.keys.insert(tenant, { id: uuidv7(), ...checked(key) }, MAX_KEYS_PER_CLIENT);
    if (!made) {
      throw tooManyKeys();
    }
    return made;
  }

  /** The same under an id of the caller's choice, once. @throws Refusal 409 where there are so many */
  async ensure(tenant: Tenant, id: string, key: NewIdentityKey): Promise<void> {
    if (
      !(await this.keys.insert(tenant, { id, ...checked(key) }, MAX_KEYS_PER_CLIENT)) &&
      !(await this.find(tenant, id))
    ) {
      throw tooManyKeys();
    }
  }

  find(tenant: Tenant, id: string): Promise<IdentityKeyRow | null> {
    return this.keys.find(tenant, id);
  }

  /** Newest first. @throws Refusal 422 on `starting_after` */
  list(tenant: Tenant, query: PageQuery): Promise<Page<IdentityKeyRow>> {
    return this.keys.list(tenant, query);
  }

  /** Its tokens make no sessions from now on; those that were made stay. @throws Refusal 404 */
  async remove(tenant: Tenant, id: string): Promise<void> {
    if (!(await this.keys.remove(tenant, id))) {
      throw notFound('identity_key');
    }
  }
}

function checked({ algorithm, publicKey }: NewIdentityKey): NewIdentityKey {
  const read = readPublicKey(algorithm, publicKey);
  if ('says' in read) {
    throw new InvalidInput({ public_key: [`The public_key field ${read.says}`] });
  }
  return { algorithm, publicKey: read.pem };
}

export function tooManyKeys(): Refusal {
  return tooMany('identity keys', MAX_KEYS_PER_CLIENT);
}

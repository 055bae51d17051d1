import { createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { now } from '../../../platform/common/clock.js';
import { isStorable } from '../../../platform/common/fields/json-value.js';
import { parseId } from '../../../platform/common/ids/type-id.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ALGORITHMS } from '../identities/identity-key.entity.js';
import { IdentityKeysService } from '../identities/identity-keys.service.js';
import { parseLayerId, parseUserId } from '../layer-id.js';
import { LayerRefusal } from '../layer-refusal.js';

/** Seconds by which the clock of a client's server may differ from ours. */
const CLOCK_TOLERANCE_SECONDS = 30;
const CONTENT_TYPE = 'layer-eit;v=1';
const MAX_TEXT = 255;
const MAX_URL = 2_048;

/** Who somebody is, in the words of the client's own server. */
export interface ProvenIdentity {
  readonly userId: string;
  readonly nonce: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly displayName?: string;
  readonly avatarUrl?: string;
}

/** The JWTs with which a client's own server says who somebody is. */
@Injectable()
export class IdentityTokensService {
  constructor(private readonly keys: IdentityKeysService) {}

  /**
   * What a token says, once its signature is right and it has not expired. Its nonce is not looked at.
   * @throws LayerRefusal invalid_property
   */
  async read(tenant: Tenant, token: string): Promise<ProvenIdentity> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.keyOf(tenant, header), {
        algorithms: [...ALGORITHMS],
        currentDate: now(),
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['prn', 'nce', 'iat', 'exp'],
      });
      return identityIn(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError) {
        throw invalidToken(reasonOf(error));
      }
      throw error;
    }
  }

  /** The key that the header names, where it is one of this client's and of the algorithm that the header says. */
  private async keyOf(tenant: Tenant, { alg, kid, cty }: JWTHeaderParameters) {
    if (cty !== undefined && cty !== CONTENT_TYPE) {
      throw invalidToken(`its cty is not ${CONTENT_TYPE}.`);
    }
    const id = typeof kid === 'string' ? (parseLayerId('keys', kid) ?? parseId('identity_key', kid)) : null;
    const key = id === null ? null : await this.keys.find(tenant, id);
    if (!key) {
      throw invalidToken('its kid is no key of this app.');
    }
    // A public key is no secret: taken for one, anybody could sign with it.
    if (key.algorithm !== alg) {
      throw invalidToken(`its key is for ${key.algorithm}.`);
    }
    return createPublicKey(key.publicKey);
  }
}

export function invalidToken(because: string): LayerRefusal {
  return new LayerRefusal('invalid_property', `The identity_token is not valid: ${because}`, {
    property: 'identity_token',
  });
}

/** @throws LayerRefusal invalid_property */
function identityIn(payload: JWTPayload): ProvenIdentity {
  if (payload.iat! > now().getTime() / 1000 + CLOCK_TOLERANCE_SECONDS) {
    throw invalidToken('its iat is in the future.');
  }
  const userId = parseUserId(textOf(payload, 'prn'));
  const nonce = textOf(payload, 'nce');
  if (userId === null || !isStorable(userId) || nonce === undefined) {
    throw invalidToken('its prn or its nce is no name.');
  }
  const given = {
    firstName: textOf(payload, 'first_name'),
    lastName: textOf(payload, 'last_name'),
    displayName: textOf(payload, 'display_name'),
    avatarUrl: webAddress(textOf(payload, 'avatar_url', MAX_URL)),
  };
  return { userId, nonce, ...Object.fromEntries(Object.entries(given).filter(([, text]) => text !== undefined)) };
}

/** A claim that is a text; undefined where it is left out, null or blank. @throws LayerRefusal invalid_property */
function textOf(payload: JWTPayload, claim: string, max = MAX_TEXT): string | undefined {
  const value = payload[claim] ?? undefined;
  if (value !== undefined && !(typeof value === 'string' && isStorable(value) && [...value].length <= max)) {
    throw invalidToken(`its ${claim} is no text of at most ${max} characters.`);
  }
  return value?.trim() === '' ? undefined : value;
}

/** Nobody is kept out for a picture: what is no address that a page may show is as good as none. */
function webAddress(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) {
    return 'it has expired.';
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `its ${error.claim} is missing or wrong.`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return `its alg is none of ${ALGORITHMS.join(', ')}.`;
  }
  return error instanceof errors.JWSSignatureVerificationFailed ? 'its signature is wrong.' : 'it is no signed JWT.';
}

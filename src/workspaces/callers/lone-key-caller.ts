import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { KnownKeys } from '../../clients/key-cache.js';
import { LoneKeyCredentials } from '../../clients/lone-key.credentials.js';
import { mustBePublicKey } from './must-be-public-key.js';

/** A secret key of a workspace that comes alone. It may ask as often as in the core, of the same buckets. */
@Injectable()
export class LoneKeyCaller extends LoneKeyCredentials {
  recognises(): boolean {
    return true;
  }

  protected bucketOf(): undefined {
    return undefined;
  }

  protected override check({ publicKey }: KnownKeys, request: Request): void {
    mustBePublicKey(request, publicKey);
  }
}

import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { forbidden, unauthorized } from '../platform/common/errors/refusal.js';
import { admitOrigin } from '../platform/common/http/cors.js';
import type { AsStranger } from '../platform/common/rate-limit/as-stranger.js';
import { PageCredentials } from '../platform/common/tenancy/credentials.js';
import { admitsOrigin } from '../platform/common/tenancy/origin.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { ClientsService } from './clients.service.js';

/**
 * A page of a client's: by the public key, which whoever looks at the page can read, and the Origin, which its browser vouches
 * for. A program can say both, so this opens only what anybody on that page may do.
 */
@Injectable()
export class PublicKeyCredentials extends PageCredentials {
  constructor(private readonly clients: ClientsService) {
    super();
  }

  async admit({ headers, res }: Request, asStranger: AsStranger): Promise<Tenant> {
    const publicKey = headers['x-public-key'];
    const client = typeof publicKey === 'string' ? await this.clients.findByPublicKey(publicKey, asStranger) : null;
    if (!client) {
      throw unauthorized('Invalid public key');
    }
    const { origin } = headers;
    if (origin === undefined || !admitsOrigin(client, origin)) {
      throw forbidden('Origin not allowed');
    }
    admitOrigin(res!, origin);
    return { clientId: client.clientId, livemode: client.livemode };
  }
}

import { Injectable } from '@nestjs/common';
import { Config } from '../../config.js';
import { formatSid } from '../../platform/common/ids/sid.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';

/** Where providers call back. Null where nobody outside could: PUBLIC_URL is not set. */
@Injectable()
export class CallbackUrls {
  constructor(private readonly config: Config) {}

  /** Whether somebody outside can. */
  get areReachable(): boolean {
    return this.config.publicUrl !== undefined;
  }

  inbound(tenant: Tenant, providerId: string): string | null {
    return this.of(`${pathOf(tenant, providerId)}/inbound`);
  }

  status(tenant: Tenant, providerId: string, deliveryId: string): string | null {
    return this.of(`${pathOf(tenant, providerId)}/status/${formatSid(deliveryId, 'sms')}`);
  }

  /** What was asked, as a provider signs it: the Host is anybody's to say. */
  of(pathAndQuery: string): string | null {
    return this.config.publicUrl === undefined ? null : `${this.config.publicUrl}${pathAndQuery}`;
  }
}

function pathOf({ clientId }: Tenant, providerId: string): string {
  return `/api/providers/${formatId('client', clientId)}/${formatId('messaging_provider', providerId)}`;
}

import { Injectable } from '@nestjs/common';
import { ClientsService } from '../../clients/clients.service.js';
import { forbidden } from '../../platform/common/errors/refusal.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import type { AuthContext } from '../../platform/common/tenancy/credentials.js';
import { parseChannelName, type ChannelName } from './channel-name.js';
import { PusherRepository } from './pusher.repository.js';
import type { Owner } from './pusher-socket.js';
import { sign } from './signature.js';

export interface Authorization {
  readonly auth: string;
  readonly channelData?: string;
}

/** Signs what a socket may subscribe to, and remembers the session or key that asked. */
@Injectable()
export class BroadcastingService {
  constructor(
    private readonly clients: ClientsService,
    private readonly repository: PusherRepository,
  ) {}

  /** @throws Refusal 403 where that channel is not theirs (or is none), or the socket is somebody else's */
  async authorize(auth: AuthContext, socketId: string, channelName: string): Promise<Authorization> {
    const { tenant } = auth;
    const name = parseChannelName(channelName);
    const channelData = name === null ? null : await this.grantFor(auth, name);
    if (channelData === null) {
      throw forbidden('Not allowed to subscribe to this channel');
    }
    if (!(await this.repository.claim(tenant, socketId, ownerOf(auth)))) {
      throw forbidden('This socket belongs to somebody else');
    }
    const client = await this.clients.get(tenant, tenant.clientId);
    return { auth: sign(client, socketId, channelName, channelData), channelData };
  }

  /** Null where it is not allowed; else the channel data, which only presence channels have. */
  private async grantFor(
    { tenant, customerId, by, scopes }: AuthContext,
    name: ChannelName,
  ): Promise<string | undefined | null> {
    if (name.kind === 'inbox') {
      // As in the engagement API: of the keys, those with every scope.
      return by.kind === 'user' || (by.kind === 'key' && scopes.includes('*')) ? undefined : null;
    }
    if ((by.kind === 'user') !== (name.kind === 'workspace')) {
      return null;
    }
    const isClient = customerId === null;
    switch (name.kind) {
      case 'client':
        return isClient ? undefined : null;
      case 'workspace':
        return name.id === tenant.clientId ? undefined : null;
      case 'customer': {
        const { isCustomer } = await this.repository.findAccess(tenant, null, name.id);
        return isCustomer && (isClient || customerId === name.id) ? undefined : null;
      }
      case 'channel': {
        const { isChannel, memberName } = await this.repository.findAccess(tenant, name.id, customerId);
        return (isClient ? isChannel : memberName !== null) ? undefined : null;
      }
      case 'presence': {
        const { memberName } = await this.repository.findAccess(tenant, name.id, customerId);
        return memberName === null
          ? null
          : JSON.stringify({ user_id: formatId('customer', customerId!), user_info: { name: memberName } });
      }
    }
  }
}

function ownerOf({ by, customerId, userId, userSessionId }: AuthContext): Owner {
  const nobody = { sessionId: null, customerId: null, apiKeyId: null, userId: null };
  switch (by.kind) {
    case 'session':
      return { ...nobody, sessionId: by.id, customerId };
    case 'user':
      return { ...nobody, sessionId: userSessionId ?? null, userId: userId ?? null };
    case 'key':
      return { ...nobody, apiKeyId: by.id };
  }
}

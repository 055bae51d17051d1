import { membershipObject } from '../channels/channel-object.js';
import type { IdentityRow } from '../identity.presenter.js';
import { userIdOf } from '../identity.presenter.js';
import { layerUri, memberUri } from '../layer-id.js';
import type { Shared } from './audience.repository.js';
import type { EventContext, LayerEvent } from './event-context.js';
import type { Telling } from './new-messages.js';
import { ANY_BASE, type PacketBody } from './packet-body.js';
import * as say from './packets.js';

/**
 * The packets of an event of an open channel. Members get each other's memberships. Who joins or leaves gets the channel anew,
 * with its own membership or without one.
 */
export function channelChangesOf(
  event: LayerEvent,
  members: readonly string[],
  context: EventContext,
  here: ReadonlySet<string>,
): Telling[] {
  const uri = layerUri('channels', event.channelId!);
  switch (event.type) {
    case 'channel.created':
      return shownTo(members, event, context);
    case 'channel.updated': {
      const [channel] = context.channels.get(event.data.id)?.values() ?? [];
      const operations = channel && [say.set('name', channel.name), say.set('metadata', channel.metadata)];
      return operations ? [{ body: say.updated('Channel', uri, operations), to: members }] : [];
    }
    case 'channel.deleted':
      return [
        {
          body: say.deleted('Channel', uri, 'all_participants'),
          to: event.data.customerIds.filter((one) => here.has(one)),
        },
      ];
    case 'channel.cleared': {
      const { position, customerId } = event.data;
      const body = say.deleted('Channel', uri, 'my_devices', position);
      return [{ body, to: members.filter((one) => one === customerId) }];
    }
    case 'member.joined': {
      const { channelId, customerId } = event.data;
      const row = context.customers.get(customerId);
      return [
        ...shownTo([customerId], event, context),
        ...(row ? [{ body: membershipMade(channelId, row, false), to: members }] : []),
      ];
    }
    case 'member.left': {
      const { channelId, customerId } = event.data;
      const row = context.customers.get(customerId);
      // Without the row of an erased customer, the id of its membership is unknown.
      const body = row && membershipGone(channelId, row);
      const isGone = here.has(customerId) && !members.includes(customerId);
      const others = members.filter((one) => one !== customerId);
      return [
        ...shownTo([customerId], event, context),
        ...(body ? [{ body, to: isGone ? [customerId, ...others] : others }] : []),
      ];
    }
    default:
      return [];
  }
}

/** A new user id makes a new membership. */
export function renamedInChannels(former: IdentityRow, row: IdentityRow, shared: readonly Shared[]): Telling[] {
  return shared
    .filter(({ customerId, isOpen }) => customerId === row.id && isOpen)
    .flatMap(({ channelId, viewerId, isOwner }) => [
      { body: membershipGone(channelId, former), to: [viewerId] },
      { body: membershipMade(channelId, row, isOwner), to: [viewerId] },
    ]);
}

/** As each of them sees it. */
function shownTo(customerIds: readonly string[], { channelId }: LayerEvent, { channels }: EventContext): Telling[] {
  return customerIds.flatMap((customerId) => {
    const channel = channels.get(channelId!)?.get(customerId);
    return channel ? [{ body: say.created('Channel', channel), to: [customerId] }] : [];
  });
}

function membershipMade(channelId: string, row: IdentityRow, isOwner: boolean): PacketBody {
  return say.created('Membership', membershipObject(channelId, { ...row, isOwner }, ANY_BASE));
}

function membershipGone(channelId: string, row: IdentityRow): PacketBody {
  return say.deleted('Membership', memberUri(channelId, userIdOf(row)), 'all_participants');
}

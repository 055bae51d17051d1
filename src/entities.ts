import { AnnouncementRecipient } from './notify/announcements/announcement-recipient.entity.js';
import { Announcement } from './notify/announcements/announcement.entity.js';
import { ApiKey } from './clients/api-key.entity.js';
import { Client } from './clients/client.entity.js';
import { Counter } from './clients/counter.entity.js';
import { StorageUse } from './clients/storage-use.entity.js';
import { ChannelMember } from './channels/channel-member.entity.js';
import { Channel } from './channels/channel.entity.js';
import { FormerMember } from './channels/former-member.entity.js';
import { CustomerSession } from './customers/sessions/customer-session.entity.js';
import { Customer } from './customers/customer.entity.js';
import { IdempotencyKey } from './platform/database/idempotency-key.entity.js';
import { FileChannel } from './files/file-channel.entity.js';
import { FileRemoval } from './files/file-removal.entity.js';
import { File } from './files/file.entity.js';
import { Event } from './platform/outbox/event.entity.js';
import { Listener } from './platform/outbox/listener.entity.js';
import { Replica } from './platform/cluster/replica.entity.js';
import { Follow } from './dialects/layer/identities/follow.entity.js';
import { IdentityKey } from './dialects/layer/identities/identity-key.entity.js';
import { Nonce } from './dialects/layer/identities/nonce.entity.js';
import { HiddenMessage } from './messages/hidden-message.entity.js';
import { Message } from './messages/message.entity.js';
import { Notification } from './messages/notification.entity.js';
import { Receipt } from './messages/receipts/receipt.entity.js';
import { Device } from './notify/push/device.entity.js';
import { PushCredential } from './notify/push/push-credential.entity.js';
import { Push } from './notify/push/push.entity.js';
import { OpenSocket } from './notify/realtime/open-socket.entity.js';
import { Presence } from './dialects/pusher/presence.entity.js';
import { SocketOwner } from './dialects/pusher/socket-owner.entity.js';
import { WebhookDelivery } from './notify/webhooks/webhook-delivery.entity.js';
import { WebhookEndpoint } from './notify/webhooks/webhook-endpoint.entity.js';

/** Written out, not a glob: the same list works compiled, in tests and on the command line. */
export const entities = [
  ...[Client, ApiKey, Counter, Customer, CustomerSession, Channel, ChannelMember, Message, HiddenMessage, Receipt],
  ...[File, FileChannel, FileRemoval, StorageUse],
  ...[IdempotencyKey, Replica, Listener, Event, WebhookEndpoint, WebhookDelivery, Presence, SocketOwner],
  ...[FormerMember, OpenSocket, Announcement, AnnouncementRecipient, Notification, Device, PushCredential, Push],
  ...[Nonce, IdentityKey, Follow],
];

import { AnnouncementRecipient } from './announcements/announcement-recipient.entity.js';
import { Announcement } from './announcements/announcement.entity.js';
import { ApiKey } from './clients/api-key.entity.js';
import { Client } from './clients/client.entity.js';
import { Counter } from './clients/counter.entity.js';
import { StorageUse } from './clients/storage-use.entity.js';
import { ChannelMember } from './channels/channel-member.entity.js';
import { Channel } from './channels/channel.entity.js';
import { FormerMember } from './channels/former-member.entity.js';
import { CustomerSession } from './customers/customer-session.entity.js';
import { Customer } from './customers/customer.entity.js';
import { IdempotencyKey } from './database/idempotency-key.entity.js';
import { FileChannel } from './files/file-channel.entity.js';
import { FileRemoval } from './files/file-removal.entity.js';
import { File } from './files/file.entity.js';
import { Event } from './jobs/event.entity.js';
import { Listener } from './jobs/listener.entity.js';
import { Replica } from './jobs/replica.entity.js';
import { Follow } from './layer/identities/follow.entity.js';
import { IdentityKey } from './layer/identities/identity-key.entity.js';
import { Nonce } from './layer/identities/nonce.entity.js';
import { HiddenMessage } from './messages/hidden-message.entity.js';
import { Message } from './messages/message.entity.js';
import { Notification } from './messages/notification.entity.js';
import { Receipt } from './messages/receipt.entity.js';
import { Device } from './push/device.entity.js';
import { PushCredential } from './push/push-credential.entity.js';
import { Push } from './push/push.entity.js';
import { OpenSocket } from './realtime/open-socket.entity.js';
import { Presence } from './realtime/presence.entity.js';
import { SocketOwner } from './realtime/socket-owner.entity.js';
import { WebhookDelivery } from './webhooks/webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhooks/webhook-endpoint.entity.js';

/** Written out, not a glob: the same list works compiled, in tests and on the command line. */
export const entities = [
  ...[Client, ApiKey, Counter, Customer, CustomerSession, Channel, ChannelMember, Message, HiddenMessage, Receipt],
  ...[File, FileChannel, FileRemoval, StorageUse],
  ...[IdempotencyKey, Replica, Listener, Event, WebhookEndpoint, WebhookDelivery, Presence, SocketOwner],
  ...[FormerMember, OpenSocket, Announcement, AnnouncementRecipient, Notification, Device, PushCredential, Push],
  ...[Nonce, IdentityKey, Follow],
];

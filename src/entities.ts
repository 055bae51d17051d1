import { ApiKey } from './clients/api-key.entity.js';
import { Client } from './clients/client.entity.js';
import { Counter } from './clients/counter.entity.js';
import { ChannelMember } from './channels/channel-member.entity.js';
import { Channel } from './channels/channel.entity.js';
import { Customer } from './customers/customer.entity.js';
import { IdempotencyKey } from './database/idempotency-key.entity.js';
import { Message } from './messages/message.entity.js';

/** Written out, not a glob: the same list works compiled, in tests and on the command line. */
export const entities = [Client, ApiKey, Counter, Customer, Channel, ChannelMember, Message, IdempotencyKey];

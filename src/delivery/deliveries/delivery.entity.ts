import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { DeliveryStatus } from './delivery-status.js';

export type Direction = 'inbound' | 'outbound';

/**
 * How a message travelled between an address and a phone. It bears the message's id and refers to it by nothing else: what
 * was delivered stays known when the message is deleted, and one that comes in is known before there is a message.
 */
@Entity('deliveries')
@Index(['clientId', 'provider', 'providerMessageId'], { unique: true })
@Index(['clientId', 'createdAt', 'id'])
@Index(['clientId', 'addressId', 'createdAt', 'id'])
@Index(['clientId', 'status', 'createdAt', 'id'])
@Index(['clientId', 'personId'])
export class Delivery {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  direction!: Direction;

  @Column('text')
  medium!: 'sms' | 'mms';

  @Column('uuid', { name: 'channel_id' })
  channelId!: string;

  @Column('uuid', { name: 'address_id' })
  addressId!: string;

  /** Null where it was erased, or there is not exactly one. */
  @Column('uuid', { name: 'person_id', nullable: true })
  personId!: string | null;

  /** The person's side is null once it was erased. */
  @Column('text', { name: 'from_text', nullable: true })
  fromText!: string | null;

  @Column('text', { name: 'to_text', nullable: true })
  toText!: string | null;

  @Column('uuid', { name: 'provider_id', nullable: true })
  providerId!: string | null;

  /** The account whose ids `providerMessageId` is one of. */
  @Column('text', { nullable: true })
  provider!: string | null;

  @Column('text', { name: 'provider_message_id', nullable: true })
  providerMessageId!: string | null;

  @Column('text')
  status!: DeliveryStatus;

  /** When it is to go out, where it was not to go out at once. */
  @Column('timestamptz', { name: 'scheduled_at', nullable: true })
  scheduledAt!: Date | null;

  /** By when its provider must have it; null: four hours after it was made. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** Set before the provider is called: from then on it may have it. Null again where it surely has not. */
  @Column('timestamptz', { name: 'submitted_at', nullable: true })
  submittedAt!: Date | null;

  /** Calls to the provider. */
  @Column('int', { default: 0 })
  attempts!: number;

  @Column('text', { name: 'error_code', nullable: true })
  errorCode!: string | null;

  /** The provider's own. */
  @Column('text', { name: 'provider_code', nullable: true })
  providerCode!: string | null;

  @Column('text', { name: 'error_text', nullable: true })
  errorText!: string | null;

  /** Computed when it is sent, the provider's once it tells. */
  @Column('int', { nullable: true })
  segments!: number | null;

  @Column('text', { nullable: true })
  encoding!: 'GSM-7' | 'UCS-2' | null;

  @Column('int', { name: 'media_count', default: 0 })
  mediaCount!: number;

  @Column('numeric', { nullable: true })
  price!: string | null;

  @Column('text', { nullable: true })
  currency!: string | null;

  /** The API key that sent it; null where it was a user, or none of its own at `/api/messages`. */
  @Column('uuid', { name: 'key_id', nullable: true })
  keyId!: string | null;

  /** Of the reply that says somebody is opted out now. */
  @Column('boolean', { name: 'may_reach_opted_out', default: false })
  mayReachOptedOut!: boolean;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt!: Date | null;

  @Column('timestamptz', { name: 'done_at', nullable: true })
  doneAt!: Date | null;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}

import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from './client.entity.js';

/** What is counted as it is written, because counting it when it is asked for grows with the data. Of open channels, the first makes the row. */
const COUNTED = ['customers', 'active_customers', 'channels'] as const;
const COUNTED_BY_STATUS = [
  ...(['contacts.active', 'contacts.inactive', 'contacts.unsubscribed'] as const),
  ...(['conversations.open', 'conversations.pending', 'conversations.snoozed', 'conversations.closed'] as const),
  'conversations.spam',
] as const;

/** What has numbers of its own in each client. */
export const NUMBERED = [
  ...([
    'contacts',
    'conversations',
    'entries',
    'tags',
    'segments',
    'suppressions',
    'imports',
    'canned_responses',
  ] as const),
  ...(['email_accounts', 'desks'] as const),
] as const;

/** The rows that each client has from its beginning. */
export const COUNTERS = [...COUNTED, ...COUNTED_BY_STATUS, ...NUMBERED] as const;

/** How many rows of a kind a client has. A row each, not columns of `clients`: writers of one kind never wait for another. */
@Entity('counters')
export class Counter {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('text')
  name!: (typeof COUNTERS)[number] | 'open_channels';

  @Column('int', { default: 0 })
  value!: number;

  /** The highest number that was ever drawn; it only rises, so that none is given twice. See draw-numbers.ts. */
  @Column('bigint', { name: 'last_number', default: 0 })
  lastNumber!: string;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}

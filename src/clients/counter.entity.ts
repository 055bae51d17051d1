import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from './client.entity.js';

/** What is counted as it is written, because counting it when it is asked for grows with the data. Of open channels, the first makes the row. */
export const COUNTERS = ['customers', 'active_customers', 'channels'] as const;

/** How many rows of a kind a client has. A row each, not columns of `clients`: writers of one kind never wait for another. */
@Entity('counters')
export class Counter {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('text')
  name!: (typeof COUNTERS)[number] | 'open_channels';

  @Column('int', { default: 0 })
  value!: number;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}

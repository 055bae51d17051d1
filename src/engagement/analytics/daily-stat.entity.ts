import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';

/** Whose what is of no user in particular is. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

/** What is counted, and what its `total` is. */
export type Metric =
  /** Begun. */
  | 'conversations'
  /** Each time one is closed, by who takes care of it, else by who closed it; milliseconds since it was begun or opened again. */
  | 'closed'
  /** Milliseconds that a contact waited for the first one. */
  | 'first_responses'
  /** What a user said; nothing. */
  | 'replies'
  /** Those of them that somebody waited for; milliseconds since then. */
  | 'responses'
  /** Made. */
  | 'contacts'
  /** Given by contacts, for who took care of the conversation; their scores. */
  | 'ratings';

/**
 * How much happened in a workspace in a day: sums that only grow, by the commit that makes the fact (daily-stat-functions.ts).
 * What is deleted or erased later takes nothing back.
 */
@Entity('daily_stats')
export class DailyStat {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('text')
  metric!: Metric;

  /** In UTC. */
  @PrimaryColumn('date')
  day!: string;

  /** NOBODY where it is the workspace's. No foreign key: a user who goes leaves the sums. */
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @Column('bigint')
  n!: string;

  @Column('bigint')
  total!: string;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}

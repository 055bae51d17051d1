import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import { User } from '../../users/user.entity.js';

export const CANNED_SCOPES = ['personal', 'team'] as const;
export type CannedScope = (typeof CANNED_SCOPES)[number];

/** What is answered often. */
@Entity('canned_responses')
@Index(['clientId', 'number'], { unique: true })
@Index(['clientId', 'shortcut'], { unique: true })
export class CannedResponse {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('bigint')
  number!: string;

  @Column('text')
  title!: string;

  @Column('text')
  content!: string;

  /** Without the slash that it is typed with. */
  @Column('text', { nullable: true })
  shortcut!: string | null;

  /** Whose it is alone, or everybody's. */
  @Column('text')
  scope!: CannedScope;

  /** Who made it; null: one of the workspace's keys, or somebody who is gone. */
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId!: string | null;

  @Column('text', { nullable: true })
  category!: string | null;

  /** In how many replies it was named. */
  @Column('int', { name: 'usage_count', default: 0 })
  usageCount!: number;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;

  @ManyToOne(() => User, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'owner_id' })
  owner?: User | null;
}

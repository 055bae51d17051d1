import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../../clients/client.entity.js';
import { Listener } from '../../../platform/outbox/listener.entity.js';

export const ALGORITHMS = ['RS256', 'ES256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** The public half of a key with which a client's own server says who somebody is. A client that has one speaks Layer. */
@Entity('identity_keys')
export class IdentityKey {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** The `kid` of its tokens. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  algorithm!: Algorithm;

  /** PEM (SPKI). */
  @Column('text', { name: 'public_key' })
  publicKey!: string;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;

  @ManyToOne(() => Listener, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'id', referencedColumnName: 'id' },
  ])
  listener?: Listener;
}

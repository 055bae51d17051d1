import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import type { Provider } from './device.entity.js';

/** By whose leave notifications of a client are sent, one per provider. */
@Entity('push_credentials')
export class PushCredential {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('text')
  provider!: Provider;

  /** Encrypted with SECRETS_KEY (AES-256-GCM), bound to its client and provider. */
  @Column('bytea')
  secret!: Buffer;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}

import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../clients/client.entity.js';

/** What is known of a file; its bytes are in the storage, under the same ids. */
@Entity('files')
@Index(['expiresAt'], { where: 'expires_at IS NOT NULL' })
@Index(['clientId', 'ownerId'], { where: 'owner_id IS NOT NULL' })
export class File {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** The customer whose session made it; null: a key did, or the customer was erased, which a file that was sent outlives. */
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId!: string | null;

  @Column('text', { name: 'mime_type' })
  mimeType!: string;

  /** Bytes, as said before they came; so many and no others are taken. 2 GB is one more than an int holds. */
  @Column('bigint')
  size!: string;

  @Column('text', { nullable: true })
  name!: string | null;

  /** When all its bytes were there; null until then. */
  @Column('timestamptz', { name: 'uploaded_at', nullable: true })
  uploadedAt!: Date | null;

  /** When it goes, unless it is sent before; null: a message holds it. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}

import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../clients/client.entity.js';

/** What is known of a file; its bytes are in the storage, under the same ids. */
@Entity('files')
export class File {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** The customer whose session made it; null: a key did. Not a foreign key: a file outlives its owner in what was sent. */
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

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}

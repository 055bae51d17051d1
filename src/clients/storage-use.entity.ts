import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { Client } from './client.entity.js';

/** How many bytes a client's files have, moved by the statements that make and delete them. Apart, as the counters are; no row: none yet. */
@Entity('storage_uses')
export class StorageUse {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @Column('bigint')
  bytes!: string;

  @OneToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}

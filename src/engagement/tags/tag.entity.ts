import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';

/** A word that contacts are marked with. */
@Entity('tags')
@Index(['clientId', 'number'], { unique: true })
@Index('tags_name', { synchronize: false })
export class Tag {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('bigint')
  number!: string;

  /** No two of a client differ only by case. */
  @Column('text')
  name!: string;

  @Column('text')
  color!: string;

  /** Moved by a trigger: see tag-functions.ts. */
  @Column('int', { name: 'contacts_count', default: 0 })
  contactsCount!: number;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}

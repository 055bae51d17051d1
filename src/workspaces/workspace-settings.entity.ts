import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../clients/client.entity.js';

/** What a workspace says of STOP, START and HELP; what is left out is as it is for all. */
export interface OptOutSettings {
  readonly scope?: 'number' | 'workspace';
  /** Words beside those that always count. */
  readonly stop?: readonly string[];
  readonly replies?: { readonly stop?: string; readonly start?: string; readonly help?: string };
}

/** Of a client as a workspace; it has none until somebody asks. */
@Entity('workspace_settings')
export class WorkspaceSettings {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** ISO 3166. */
  @Column('text', { name: 'default_country', default: 'US' })
  defaultCountry!: string;

  @Column('text', { default: 'UTC' })
  timezone!: string;

  @Column('boolean', { name: 'smart_encoding', default: true })
  smartEncoding!: boolean;

  /** Whether a contact is asked how it went when its conversation is closed. */
  @Column('boolean', { name: 'asks_for_ratings', default: false })
  asksForRatings!: boolean;

  @Column('jsonb', { name: 'opt_out', default: {} })
  optOut!: OptOutSettings;

  /** Hashed together with the numbers of those who said STOP. */
  @Column('bytea', { name: 'opt_out_salt' })
  optOutSalt!: Buffer;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}

import { Column, CreateDateColumn, Entity, Generated, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../clients/client.entity.js';

/** Somebody who operates workspaces: of no client, and none of its customers. */
@Entity('users')
@Index(['activeClientId'])
export class User {
  @PrimaryColumn('uuid')
  id!: string;

  /** For dialects that show integers. */
  @Column('bigint', { unique: true })
  @Generated('increment')
  number!: string;

  /** Trimmed and in lower case. */
  @Column('text', { unique: true })
  email!: string;

  @Column('text')
  name!: string;

  /** Argon2id; null where it signs in elsewhere only. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash!: string | null;

  /** Rises with each new password: a session that was begun by an older one is good no longer, however late it was written. */
  @Column('integer', { name: 'password_version', default: 0 })
  passwordVersion!: number;

  @Column('timestamptz', { name: 'email_verified_at', nullable: true })
  emailVerifiedAt!: Date | null;

  /** Sealed. Asked for at sign-in once it is confirmed. */
  @Column('bytea', { name: 'totp_secret', nullable: true })
  totpSecret!: Buffer | null;

  @Column('timestamptz', { name: 'totp_confirmed_at', nullable: true })
  totpConfirmedAt!: Date | null;

  /** The thirty seconds of the last code that was taken: each is taken once. */
  @Column('bigint', { name: 'totp_last_step', default: 0 })
  totpLastStep!: string;

  /** Of the recovery codes that were not used. */
  @Column('bytea', { name: 'recovery_sha256', array: true, default: '{}' })
  recoverySha256!: Buffer[];

  @Column('uuid', { name: 'active_client_id', nullable: true })
  activeClientId!: string | null;

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'active_client_id' })
  activeClient?: Client;
}

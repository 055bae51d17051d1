import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import type { Role } from '../../platform/common/tenancy/roles.js';

/** Somebody who was asked into a workspace. The token that was mailed is nowhere. */
@Entity('invitations')
@Index(['clientId', 'email'], { unique: true, where: 'accepted_at IS NULL AND revoked_at IS NULL' })
export class Invitation {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  email!: string;

  @Column('text')
  role!: Role;

  @Column('bytea', { name: 'token_sha256', unique: true })
  tokenSha256!: Buffer;

  /** The user who asked; null: the operator. */
  @Column('uuid', { name: 'invited_by', nullable: true })
  invitedBy!: string | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'accepted_at', nullable: true })
  acceptedAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}

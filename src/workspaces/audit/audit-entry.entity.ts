import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Client } from '../../clients/client.entity.js';

/** What users change in a workspace and others may ask about later. */
export const AUDITED_ACTIONS = [
  ...(['api_key.created', 'api_key.revoked', 'personal_token.created', 'personal_token.revoked'] as const),
  ...(['invitation.created', 'invitation.resent', 'invitation.revoked', 'invitation.accepted'] as const),
  ...([
    'member.updated',
    'member.removed',
    'member.left',
    'number.added',
    'number.updated',
    'number.verified',
    'number.released',
    'numbers.imported',
  ] as const),
  ...(['opt_out.added', 'opt_out.ended', 'provider.set', 'provider.removed', 'workspace.updated'] as const),
  ...(['workspace.deleted', 'template.created', 'template.updated', 'template.deleted'] as const),
] as const;
export type AuditedAction = (typeof AUDITED_ACTIONS)[number];

/** Who changed what, written in the transaction of the change. */
@Entity('audit_entries')
@Index(['clientId', 'createdAt', 'id'])
@Index(['createdAt'])
export class AuditEntry {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text')
  action!: AuditedAction;

  /** The id of what was changed, as the API writes it; null where it is the workspace itself. */
  @Column('text', { nullable: true })
  subject!: string | null;

  /** What else is worth knowing; never anything secret. */
  @Column('jsonb', { default: {} })
  details!: Readonly<Record<string, unknown>>;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Client, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id' })
  client?: Client;
}

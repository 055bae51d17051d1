import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Membership } from '../membership.entity.js';

/** A token by which a user's programs act in one workspace. The token itself is nowhere; it goes with the membership. */
@Entity('personal_tokens')
@Index(['clientId', 'userId'])
export class PersonalToken {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text')
  name!: string;

  @Column('text', { array: true })
  scopes!: string[];

  @Column('bytea', { name: 'token_sha256', unique: true })
  tokenSha256!: Buffer;

  @Column('text')
  last4!: string;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Membership, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'user_id', referencedColumnName: 'userId' },
  ])
  membership?: Membership;
}

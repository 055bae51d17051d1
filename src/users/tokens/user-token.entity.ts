import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { User } from '../user.entity.js';

export type TokenPurpose = 'verify' | 'reset' | 'social' | 'two_factor';

/** What can be used once: a mailed link, a step of a sign-in. The token itself is nowhere. */
@Entity('user_tokens')
@Index(['userId', 'purpose'])
@Index(['expiresAt'])
export class UserToken {
  @PrimaryColumn('uuid')
  id!: string;

  /** Null where it is not known yet whose it will be. */
  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  @Column('text')
  purpose!: TokenPurpose;

  @Column('bytea', { name: 'token_sha256', unique: true })
  tokenSha256!: Buffer;

  @Column('jsonb', { default: {} })
  data!: object;

  @Column('integer', { default: 0 })
  tries!: number;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user?: User;
}

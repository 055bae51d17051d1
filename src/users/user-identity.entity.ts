import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { User } from './user.entity.js';

/** An account elsewhere by which a user signs in. */
@Entity('user_identities')
@Index(['userId'])
export class UserIdentity {
  @PrimaryColumn('text')
  provider!: string;

  /** The provider's own id of the account: its e-mail may change, and be somebody else's later. */
  @PrimaryColumn('text')
  subject!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text')
  email!: string;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user?: User;
}

import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * The session or key that a socket subscribes with. `/broadcasting/auth` may be asked at one process and the socket be
 * held by another, and Pusher's signature has no room for a name; so it is written here and read when the socket
 * subscribes.
 */
@Entity('socket_owners')
@Index(['createdAt'])
export class SocketOwner {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('text', { name: 'socket_id' })
  socketId!: string;

  /** The session of the customer or the user who asked. */
  @Column('uuid', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: string | null;

  /** The user, where it was one. */
  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  /** The client's secret key, where it was the client. */
  @Column('uuid', { name: 'api_key_id', nullable: true })
  apiKeyId!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}

import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { MessagingProvider } from '../messaging-provider.entity.js';

/** A message that an SMPP server hands over, as far as it is there: in parts, or whole. */
@Entity('inbound_parts')
@Index(['receivedAt'])
export class InboundPartRow {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'provider_id' })
  providerId!: string;

  /** By which its parts know each other, and it is known when it is given again. */
  @PrimaryColumn('bytea')
  key!: Buffer;

  /** What we call the message: SMPP has no name for it. */
  @Column('uuid')
  id!: string;

  /** By their numbers; UTF-16 in base64, as a part may end within a character. */
  @Column('jsonb')
  parts!: Readonly<Record<string, string>>;

  /** The connection that brought the last of them. */
  @Column('uuid', { name: 'session_id' })
  sessionId!: string;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;

  @ManyToOne(() => MessagingProvider, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'provider_id', referencedColumnName: 'id' },
  ])
  provider?: MessagingProvider;
}

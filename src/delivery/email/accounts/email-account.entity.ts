import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  OneToOne,
  PrimaryColumn,
  Unique,
  UpdateDateColumn,
} from 'typeorm';
import { Address } from '../../addresses/address.entity.js';

/** An e-mail address of the client: how its mails go out, and how those to it come in. */
@Entity('email_accounts')
@Unique(['clientId', 'number'])
// By these a mail finds its client.
@Index(['inboundTokenSha256'], { unique: true })
@Index(['inboundName'], { unique: true })
export class EmailAccount {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** That its address is. */
  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  /** For dialects that show integers. */
  @Column('bigint')
  number!: string;

  @Column('text', { name: 'from_name' })
  fromName!: string;

  @Column('text')
  host!: string;

  @Column('int')
  port!: number;

  @Column('boolean')
  secure!: boolean;

  @Column('text', { nullable: true })
  username!: string | null;

  /** Sealed: its password, its DKIM key and the token mails come in by. */
  @Column('bytea')
  secret!: Buffer;

  @Column('text', { name: 'dkim_domain', nullable: true })
  dkimDomain!: string | null;

  @Column('text', { name: 'dkim_selector', nullable: true })
  dkimSelector!: string | null;

  @Column('int', { name: 'rate_per_minute', default: 60 })
  ratePerMinute!: number;

  @Column('bytea', { name: 'inbound_token_sha256' })
  inboundTokenSha256!: Buffer;

  /** What stands before the `@` of the address its answers come to. */
  @Column('text', { name: 'inbound_name' })
  inboundName!: string;

  /** `error`: nothing goes out until it is tested or changed, or `retryAt`. */
  @Column('text', { default: 'ok' })
  status!: 'ok' | 'error';

  @Column('text', { name: 'last_error', nullable: true })
  lastError!: string | null;

  /** When an account in `error` is tried again by itself; null: not. */
  @Column('timestamptz', { name: 'retry_at', nullable: true })
  retryAt!: Date | null;

  /** When the next mail may go, by its rate. */
  @Column('timestamptz', { name: 'next_send_at', nullable: true })
  nextSendAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @OneToOne(() => Address, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'customerId' },
  ])
  address?: Address;
}

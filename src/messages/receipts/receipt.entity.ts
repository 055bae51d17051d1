import { CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ChannelMember } from '../../channels/channel-member.entity.js';

export const RECEIPT_KINDS = ['delivered', 'read'] as const;
export type ReceiptKind = (typeof RECEIPT_KINDS)[number];

/**
 * A member got, or read, a channel up to a position, and when: what a single message's receipts are told from. Each mark
 * throws away what it makes needless.
 */
@Entity('receipts')
export class Receipt {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  @PrimaryColumn('text')
  kind!: ReceiptKind;

  @PrimaryColumn('int')
  position!: number;

  @CreateDateColumn({ type: 'timestamptz' })
  at!: Date;

  @ManyToOne(() => ChannelMember, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'channel_id', referencedColumnName: 'channelId' },
    { name: 'customer_id', referencedColumnName: 'customerId' },
  ])
  member?: ChannelMember;
}

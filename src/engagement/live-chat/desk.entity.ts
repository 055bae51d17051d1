import { Column, CreateDateColumn, Entity, Index, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { Address } from '../../delivery/addresses/address.entity.js';

/** What a workspace chats as: an address of medium `chat`. What it is called is its customer's. */
@Entity('live_chat_desks')
@Index(['clientId', 'number'], { unique: true })
export class LiveChatDesk {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  @Column('bigint')
  number!: string;

  /** What is shown to whoever has not written yet. */
  @Column('text', { nullable: true })
  welcome!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @OneToOne(() => Address, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'customerId' },
  ])
  address?: Address;
}

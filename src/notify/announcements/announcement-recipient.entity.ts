import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Customer } from '../../customers/customer.entity.js';
import { Announcement } from './announcement.entity.js';

/** How far an announcement has come with one customer. Where that customer deleted it, there is no row any more. */
@Entity('announcement_recipients')
@Index(['clientId', 'customerId', 'createdAt', 'announcementId'])
export class AnnouncementRecipient {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'announcement_id' })
  announcementId!: string;

  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  @Column('timestamptz', { name: 'delivered_at', nullable: true })
  deliveredAt!: Date | null;

  @Column('timestamptz', { name: 'read_at', nullable: true })
  readAt!: Date | null;

  /** The announcement's own: here too for the list of one customer's, which goes by it. */
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Announcement, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'announcement_id', referencedColumnName: 'id' },
  ])
  announcement?: Announcement;

  @ManyToOne(() => Customer, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'id' },
  ])
  customer?: Customer;
}

import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Contact } from './contact.entity.js';

/** When a contact was last written to. Apart, or each campaign would rewrite every contact in a dozen indexes. */
@Entity('contact_touches')
@Index(['clientId', 'lastContactedAt', 'number'])
export class ContactTouch {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  @Column('bigint')
  number!: string;

  @Column('timestamptz', { name: 'last_contacted_at', nullable: true })
  lastContactedAt!: Date | null;

  @ManyToOne(() => Contact, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'customerId' },
  ])
  contact?: Contact;
}

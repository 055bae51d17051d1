import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Contact } from './contact.entity.js';

/**
 * By what a contact was known before it was merged: nobody else can have it, whoever writes from there is the contact, and a
 * search finds the contact by it. A row for each contact that was merged into it, as far as it had other addresses.
 */
@Entity('contact_aliases')
@Index(['clientId', 'email'], { unique: true, where: 'email IS NOT NULL' })
@Index(['clientId', 'phone'], { unique: true, where: 'phone IS NOT NULL' })
@Index(['clientId', 'customerId'])
export class ContactAlias {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** That of the contact that was merged. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'customer_id' })
  customerId!: string;

  @Column('text', { nullable: true })
  email!: string | null;

  /** In international format. */
  @Column('text', { nullable: true })
  phone!: string | null;

  @Column('text', { name: 'typed_phone', nullable: true })
  typedPhone!: string | null;

  @ManyToOne(() => Contact, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'customerId' },
  ])
  contact?: Contact;
}

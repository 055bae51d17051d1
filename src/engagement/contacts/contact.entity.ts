import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Customer } from '../../customers/customer.entity.js';

export const CONTACT_STATUSES = ['active', 'inactive', 'unsubscribed'] as const;
export type ContactStatus = (typeof CONTACT_STATUSES)[number];

/**
 * What a workspace knows of a customer that is a person. A table of its own, so that lists have their indexes where no send
 * writes. Made and kept by triggers: see contact-functions.ts.
 */
@Entity('contacts')
@Index(['clientId', 'number'], { unique: true })
@Index(['clientId', 'firstName', 'number'])
@Index(['clientId', 'lastName', 'number'])
@Index(['clientId', 'email', 'number'])
@Index(['clientId', 'company', 'number'])
@Index(['clientId', 'leadScore', 'number'])
@Index(['clientId', 'createdAt', 'number'])
@Index(['clientId', 'status', 'number'])
@Index('contacts_country', { synchronize: false })
@Index('contacts_search', { synchronize: false })
@Index('contacts_custom_fields', { synchronize: false })
export class Contact {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  @Column('bigint')
  number!: string;

  /** A copy, as the e-mail and the custom fields: the customer's. */
  @Column('text', { name: 'first_name', nullable: true })
  firstName!: string | null;

  @Column('text', { name: 'last_name', nullable: true })
  lastName!: string | null;

  @Column('text', { nullable: true })
  email!: string | null;

  /** As typed; the customer's where nobody typed one. */
  @Column('text', { nullable: true })
  phone!: string | null;

  @Column('text', { nullable: true })
  company!: string | null;

  @Column('text', { name: 'job_title', nullable: true })
  jobTitle!: string | null;

  @Column('text', { nullable: true })
  city!: string | null;

  @Column('text', { nullable: true })
  country!: string | null;

  @Column('text', { nullable: true })
  timezone!: string | null;

  @Column('smallint', { name: 'lead_score', default: 0 })
  leadScore!: number;

  @Column('text', { default: 'active' })
  status!: ContactStatus;

  @Column('jsonb', { name: 'custom_fields', default: {} })
  customFields!: Record<string, unknown>;

  /** Names, e-mail, company and phone without case and accents, behind a space: see searchable() in contact-functions.ts. */
  @Column('text', { name: 'search_text' })
  searchText!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;

  @ManyToOne(() => Customer, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'id' },
  ])
  customer?: Customer;
}

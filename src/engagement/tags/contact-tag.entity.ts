import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Contact } from '../contacts/contact.entity.js';
import { Tag } from './tag.entity.js';

@Entity('contact_tags')
@Index(['clientId', 'customerId'])
export class ContactTag {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'tag_id' })
  tagId!: string;

  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: string;

  @ManyToOne(() => Tag, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'tag_id', referencedColumnName: 'id' },
  ])
  tag?: Tag;

  @ManyToOne(() => Contact, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'customer_id', referencedColumnName: 'customerId' },
  ])
  contact?: Contact;
}

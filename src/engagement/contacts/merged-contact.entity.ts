import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { Contact } from './contact.entity.js';

/** A contact that is part of another now: for 30 days who asks for it is sent there. */
@Entity('merged_contacts')
@Unique(['clientId', 'number'])
@Index(['clientId', 'intoId'])
@Index(['mergedAt'])
export class MergedContact {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('bigint')
  number!: string;

  @Column('uuid', { name: 'into_id' })
  intoId!: string;

  @CreateDateColumn({ name: 'merged_at', type: 'timestamptz' })
  mergedAt!: Date;

  @ManyToOne(() => Contact, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'into_id', referencedColumnName: 'customerId' },
  ])
  into?: Contact;
}

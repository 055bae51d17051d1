import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { CampaignRecipient } from '../campaigns/campaign-recipient.entity.js';

/** That a link in somebody's mail was followed: once, however often it was. */
@Entity('campaign_clicks')
export class CampaignClick {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** Its number. */
  @PrimaryColumn('bigint')
  campaign!: string;

  /** The recipient's. */
  @PrimaryColumn('bigint')
  number!: string;

  /** Of the link. */
  @PrimaryColumn('smallint')
  n!: number;

  /** When a person did so first; or a machine, where no person did. */
  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;

  @Column('boolean', { name: 'by_machine' })
  byMachine!: boolean;

  @ManyToOne(() => CampaignRecipient, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'campaign', referencedColumnName: 'campaign' },
    { name: 'number', referencedColumnName: 'number' },
  ])
  recipient?: CampaignRecipient;
}

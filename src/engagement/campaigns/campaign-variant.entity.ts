import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Campaign } from './campaign.entity.js';

/** One of the mails that an A/B test tries. What it leaves out is as in the campaign. */
@Entity('campaign_variants')
export class CampaignVariant {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  /** Its number. */
  @PrimaryColumn('bigint')
  campaign!: string;

  /** From A, in their order. */
  @PrimaryColumn('text')
  letter!: string;

  @Column('text', { nullable: true })
  subject!: string | null;

  @Column('text', { name: 'html_body', nullable: true })
  htmlBody!: string | null;

  @Column('text', { name: 'text_body', nullable: true })
  textBody!: string | null;

  /** Per cent of the recipients that it is tried on. */
  @Column('smallint')
  share!: number;

  /** What it said when sending began. Null before. */
  @Column('text', { name: 'frozen_subject', nullable: true })
  frozenSubject!: string | null;

  @Column('text', { name: 'frozen_html', nullable: true })
  frozenHtml!: string | null;

  @Column('text', { name: 'frozen_text', nullable: true })
  frozenText!: string | null;

  @ManyToOne(() => Campaign, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'campaign', referencedColumnName: 'number' },
  ])
  ofCampaign?: Campaign;
}

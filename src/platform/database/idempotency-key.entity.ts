import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An answer already given, under the name its caller gave the request. */
@Entity('idempotency_keys')
@Index(['createdAt'])
export class IdempotencyKey {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('text')
  key!: string;

  @Column('bytea')
  fingerprint!: Buffer;

  @Column('smallint', { nullable: true })
  status!: number | null;

  /** Text, not jsonb: a replay is the same bytes. */
  @Column('text', { nullable: true })
  body!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

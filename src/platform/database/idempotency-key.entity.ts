import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A stored answer, by the key its caller gave the request. */
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

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

  /** Null where `body` is not the answer, but the row of which the route makes it. */
  @Column('smallint', { nullable: true })
  status!: number | null;

  /** Text, not jsonb: a replay is the same bytes. */
  @Column('text', { nullable: true })
  body!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

export type OptOutSource = 'keyword' | 'api' | 'provider';

/** Somebody said STOP. It hangs on the number, whoever has it, and is never deleted: it is the proof. */
@Entity('opt_outs')
@Index(['clientId', 'scopeId', 'numberSha256'], { unique: true, where: 'ended_at IS NULL' })
@Index(['clientId', 'createdAt', 'id'])
@Index(['clientId', 'personId'])
export class OptOut {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** The address, or its messaging service; the client's own id where it is for all of them. */
  @Column('uuid', { name: 'scope_id' })
  scopeId!: string;

  /** Salted: see opt_out_hash in delivery-functions.ts. */
  @Column('bytea', { name: 'number_sha256' })
  numberSha256!: Buffer;

  /** Null once the person was erased. */
  @Column('text', { nullable: true })
  number!: string | null;

  @Column('uuid', { name: 'person_id', nullable: true })
  personId!: string | null;

  @Column('text')
  source!: OptOutSource;

  @Column('text', { nullable: true })
  keyword!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;
}

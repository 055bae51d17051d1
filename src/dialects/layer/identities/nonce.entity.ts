import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Makes an identity token good for one session. It is asked for before anybody has said who they are, so it is nobody's. */
@Entity('nonces')
@Index(['expiresAt'])
export class Nonce {
  @PrimaryColumn('text')
  nonce!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which user spoke as the address, written in the message's transaction. Never shown to customers. */
@Entity('message_authors')
export class MessageAuthor {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'message_id' })
  messageId!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;
}

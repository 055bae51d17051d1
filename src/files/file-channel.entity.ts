import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Channel } from '../channels/channel.entity.js';
import { File } from './file.entity.js';

/** A channel that a file was sent in: its members may fetch it. */
@Entity('file_channels')
@Index(['clientId', 'channelId'])
export class FileChannel {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'file_id' })
  fileId!: string;

  @PrimaryColumn('uuid', { name: 'channel_id' })
  channelId!: string;

  /** How many messages there hold it; it is never none. */
  @Column('int', { name: 'message_count', default: 1 })
  messageCount!: number;

  @ManyToOne(() => File, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'file_id', referencedColumnName: 'id' },
  ])
  file?: File;

  @ManyToOne(() => Channel, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'channel_id', referencedColumnName: 'id' },
  ])
  channel?: Channel;
}

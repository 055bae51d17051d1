import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
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

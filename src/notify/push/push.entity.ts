import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Device } from './device.entity.js';

/** A notification on its way to one device. It goes when it has arrived, or has been tried often enough. */
@Entity('pushes')
@Index(['clientId', 'deviceId'])
@Index(['nextAttemptAt'])
export class Push {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'device_id' })
  deviceId!: string;

  /** What the device is told, provider apart. */
  @Column('jsonb')
  payload!: object;

  @Column('int', { default: 0 })
  attempts!: number;

  /** Whoever takes it moves this on, so that nobody else does; a process that dies gives it back by doing nothing. */
  @Column('timestamptz', { name: 'next_attempt_at', default: () => 'now()' })
  nextAttemptAt!: Date;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @ManyToOne(() => Device, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'device_id', referencedColumnName: 'id' },
  ])
  device?: Device;
}

import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ContactImport } from './contact-import.entity.js';

/** What is wrong with rows of an import: of each batch that has such rows, one of these. */
@Entity('import_errors')
export class ImportError {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'import_id' })
  importId!: string;

  /** Rows that came before the batch. */
  @PrimaryColumn('int')
  after!: number;

  @Column('text', { array: true })
  problems!: string[];

  @ManyToOne(() => ContactImport, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'import_id', referencedColumnName: 'id' },
  ])
  import?: ContactImport;
}

import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { KnowledgeDocument } from './document.entity.js';

/** A part of a document, as long as fits into a prompt beside others. */
@Entity('chunks')
@Index('chunks_words', { synchronize: false })
export class Chunk {
  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId!: string;

  @PrimaryColumn('uuid', { name: 'document_id' })
  documentId!: string;

  /** Its place in the document, from 0. */
  @PrimaryColumn('int')
  n!: number;

  @Column('text')
  text!: string;

  /** Its words and those of the title, in the configuration of the document. */
  @Column('tsvector')
  tsv!: string;

  /** 32-bit floats, little-endian, of length 1 together. */
  @Column('bytea', { nullable: true })
  embedding!: Buffer | null;

  /** What made the embedding. */
  @Column('text', { nullable: true })
  model!: string | null;

  @ManyToOne(() => KnowledgeDocument, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'client_id', referencedColumnName: 'clientId' },
    { name: 'document_id', referencedColumnName: 'id' },
  ])
  document?: KnowledgeDocument;
}

import { ApiSchema } from '@nestjs/swagger';
import {
  DOCUMENT_STATUSES,
  DOCUMENT_TYPES,
  type DocumentStatus,
  type DocumentType,
} from '../../../engagement/knowledge/document.entity.js';
import type { DocumentSort } from '../../../engagement/knowledge/documents.service.js';
import { field } from '../../../platform/common/fields/field.js';
import { checkText, Choice, Flag, Text } from '../../../platform/common/fields/fields.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import { CreatedAt, ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { ListQuery, SortBy } from '../http/list-query.js';
import { QueryFlag, Search } from '../http/query-fields.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';
import { FileField, type UploadedFile } from '../http/upload.js';

const MAX_TITLE = 500;
const MAX_CONTENT = 1_000_000;
const MAX_QUESTION = 1_000;
const MAX_ANSWER = 16_000;
const MAX_CATEGORY = 100;
const MAX_URL = 2_048;
const LANGUAGE = /^[a-zA-Z]{2,3}(-[a-zA-Z\d]{2,8}){0,3}$/;
/** What is asked of the documents. */
const MAX_ASKED = 1_000;
const READ_ONLY = [
  ...['id', 'uuid', 'error', 'file_name', 'file_size', 'chunks_count', 'usage_count'],
  ...['created_at', 'updated_at'],
];
const TITLE = 'What it is called.';
const CONTENT = 'Its text. Lines that begin with `#` are headings.';
const QUESTION = 'What is asked; of type `qa` only.';
const ANSWER = 'What is answered; of type `qa` only.';
const PRIORITY = 'Whether it is found before others that say as much.';
const LANGUAGE_TEXT =
  'The language that it is written in, such as `en` or `pt-BR`: words are then found in all their forms. If null, as they are written.';

interface Options {
  readonly optional?: boolean;
}

const Title = (options: Options = {}): PropertyDecorator =>
  Text({ ...options, max: MAX_TITLE, example: 'Returns', description: TITLE });

const Category = (description = 'A category; none if null.'): PropertyDecorator =>
  Text({ optional: true, max: MAX_CATEGORY, description });

/** Whether it may be fetched is told by the service, in words of its own. */
function PageUrl(
  rule: { readonly name?: string; readonly optional?: boolean },
  description: string,
): PropertyDecorator {
  return field({
    ...rule,
    check: (value) => checkText(value, MAX_URL),
    schema: { type: String, minLength: 1, maxLength: MAX_URL, example: 'https://example.com/returns', description },
  });
}

export function Language(description = LANGUAGE_TEXT): PropertyDecorator {
  return field({
    optional: true,
    check: (value) =>
      typeof value === 'string' && LANGUAGE.test(value) ? null : { says: 'must be a language such as en or pt-BR.' },
    schema: { type: String, pattern: LANGUAGE.source, nullable: true, example: 'en', description },
  });
}

export class DocumentsQueryDto extends ListQuery {
  @Search('In titles, questions, categories and names of files.')
  readonly search?: string | null;

  @Choice(DOCUMENT_TYPES, { optional: true, description: 'Only those of this type.' })
  readonly type?: DocumentType | null;

  @Choice(DOCUMENT_STATUSES, { optional: true, description: 'Only those in this state.' })
  readonly status?: DocumentStatus | null;

  @Category('Only those of this category.')
  readonly category?: string | null;

  @SortBy(['created_at', 'title', 'type', 'status', 'usage_count'])
  readonly sortBy?: DocumentSort | null;
}

export class SearchQueryDto {
  @Text({
    max: MAX_ASKED,
    example: 'How long may I return something?',
    description: 'What is asked, in words or sentences. All of it is taken literally.',
  })
  readonly q!: string;
}

@RequestSchema('A new document: a text (`document`), a question with its answer (`qa`), a page (`url`) or a `file`.')
@PassesOver(...READ_ONLY, 'status')
export class CreateDocumentDto {
  @Choice(DOCUMENT_TYPES, { unless: 'file', description: 'What it is; `file` if left out where there is one.' })
  readonly type?: DocumentType;

  @Title()
  readonly title!: string;

  @Text({ optional: true, max: MAX_CONTENT, example: 'You may return it within 30 days.', description: CONTENT })
  readonly content?: string | null;

  @Text({ optional: true, max: MAX_QUESTION, description: QUESTION })
  readonly question?: string | null;

  @Text({ optional: true, max: MAX_ANSWER, description: ANSWER })
  readonly answer?: string | null;

  @Category()
  readonly category?: string | null;

  @QueryFlag({ name: 'is_priority', description: PRIORITY })
  readonly isPriority?: boolean | null;

  @Language()
  readonly language?: string | null;

  @PageUrl(
    { name: 'source_url', optional: true },
    'The page; of type `url` only. It is read where no `content` is given.',
  )
  readonly sourceUrl?: string | null;

  @FileField('In a form: PDF, Word (docx), Markdown or text in UTF-8, of at most 10 MB.', { optional: true })
  readonly file?: UploadedFile | null;
}

@RequestSchema('A page that is to be read.')
export class ScrapePageDto {
  @PageUrl({}, 'Where it is.')
  readonly url!: string;

  @Text({ optional: true, max: MAX_TITLE, description: 'What it is called; as the page says if left out.' })
  readonly title?: string | null;

  @Category()
  readonly category?: string | null;
}

@RequestSchema('Changes to a document. What is left out stays as it is.')
@PassesOver(...READ_ONLY, 'type', 'source_url')
export class UpdateDocumentDto {
  @Title({ optional: true })
  readonly title?: string | null;

  @Text({ optional: true, max: MAX_CONTENT, example: 'You may return it within 60 days.', description: CONTENT })
  readonly content?: string | null;

  @Text({ optional: true, max: MAX_QUESTION, description: QUESTION })
  readonly question?: string | null;

  @Text({ optional: true, max: MAX_ANSWER, description: ANSWER })
  readonly answer?: string | null;

  @Category()
  readonly category?: string | null;

  @Flag({ name: 'is_priority', optional: true, example: true, description: PRIORITY })
  readonly isPriority?: boolean | null;

  @Language()
  readonly language?: string | null;

  @Choice(['ready', 'paused'], {
    optional: true,
    description: 'Whether answers are made from it. Only one that is `ready` can be paused.',
  })
  readonly status?: 'ready' | 'paused' | null;
}

const text = (maxLength: number, example: string | null, description: string) =>
  Shown({ type: String, nullable: true, maxLength, example, description });

@ApiSchema({ description: 'Something that the team knows, to answer from.' })
export class DocumentDto {
  @ShownNumber('The id of the document.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({ type: String, maxLength: MAX_TITLE, example: 'Returns', description: TITLE })
  readonly title!: string;

  @Shown({ type: String, enum: [...DOCUMENT_TYPES], example: 'document', description: 'What it is.' })
  readonly type!: DocumentType;

  @Shown({
    ...{ type: String, enum: [...DOCUMENT_STATUSES], example: 'ready' },
    description:
      'Its state: answers are made from it while it is `ready`. `extracting`, `chunking` and `embedding` pass by themselves; `failed` where it has no text, which `error` tells.',
  })
  readonly status!: DocumentStatus;

  @text(500, null, 'Why it failed, or what of it is still missing; null where nothing is wrong.')
  readonly error!: string | null;

  @text(MAX_CATEGORY, null, 'Its category; null if there is none.')
  readonly category!: string | null;

  @Shown({ type: Boolean, example: false, description: PRIORITY })
  readonly is_priority!: boolean;

  @text(MAX_URL, null, 'The page it was taken from; null of others.')
  readonly source_url!: string | null;

  @text(MAX_QUESTION, null, 'What is asked; null of others than `qa`.')
  readonly question!: string | null;

  @text(MAX_ANSWER, null, 'What is answered; null of others than `qa`.')
  readonly answer!: string | null;

  @text(255, null, 'What its file is called; null where there is none.')
  readonly file_name!: string | null;

  @Shown({
    ...{ type: 'integer', minimum: 0, nullable: true, example: null },
    description: 'How many bytes its file has; null where there is none.',
  })
  readonly file_size!: number | null;

  @ShownCount({ example: 1, description: 'In how many parts it is searched.' })
  readonly chunks_count!: number;

  @ShownCount({ example: 3, description: 'In how many replies it was a source.' })
  readonly usage_count!: number;

  @text(40, 'en', 'The language that it is written in; null where nobody said.')
  readonly language!: string | null;

  @CreatedAt()
  readonly created_at!: string;

  @ShownMoment({ description: 'When it was changed last.' })
  readonly updated_at!: string;
}

@ApiSchema({ description: 'A document with its text.' })
export class WholeDocumentDto extends DocumentDto {
  @Shown({
    ...{ type: String, nullable: true, maxLength: 10_000_000, example: 'You may return it within 30 days.' },
    description: 'Its text; null of `qa`, and as long as there is none.',
  })
  readonly content!: string | null;
}

@ApiSchema({ description: 'A part of a document that speaks of what was asked.' })
export class FoundChunkDto {
  @ShownNumber('The id of the document.')
  readonly document_id!: number;

  @Shown({ type: String, maxLength: MAX_TITLE, example: 'Returns', description: 'What the document is called.' })
  readonly title!: string;

  @Shown({
    ...{ type: String, maxLength: 4_000, example: 'You may return it within 30 days.' },
    description: 'The part, of up to about 3,200 characters.',
  })
  readonly text!: string;

  @Shown({
    ...{ type: Number, minimum: 0, maximum: 1, example: 0.83 },
    description: 'How much of what was asked it speaks of.',
  })
  readonly score!: number;
}

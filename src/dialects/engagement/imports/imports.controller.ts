import { Body, Controller, Delete, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ImportsService, type ImportRecord, type ReadImport } from '../../../engagement/imports/imports.service.js';
import { absoluteUrl } from '../../../files/file.presenter.js';
import { BaseUrl } from '../../../platform/common/http/base-url.js';
import { StatusResult } from '../../../platform/common/http/status-result.js';
import { Staged } from '../../../platform/common/idempotency/staged.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { AlsoAnswers, Answers, AnswersNothing, data, type Data } from '../http/answers.js';
import { AnswersCsv, sendCsv } from '../http/csv-answer.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { ListQuery, sliceIn } from '../http/list-query.js';
import { ObjectParam } from '../http/object-param.js';
import { TakesUpload } from '../http/upload.js';
import { BegunImportDto, ImportContactsDto, ImportDto, ImportedDto, NewImportDto } from './import.dto.js';
import { presentImport } from './imports.presenter.js';

const ImportParam = () => ObjectParam('contact_import');

@ApiTags('contacts')
@Controller('api/v1/contacts')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Post('import')
  @Allows('contacts', 'agent', { limit: 'import_export' })
  @Operation('Import contacts', {
    id: 'importContacts',
    description:
      'Makes a contact of each row, or changes the one that has its e-mail; empty cells change nothing, and tags are added. A new contact without a first name is called by what stands before the `@`. ' +
      'Rows that are wrong are skipped and told, the others count. Of two rows with one e-mail the later wins. Nobody is subscribed again by it. ' +
      'Up to 2,000 rows are one transaction; more of them are imported by a worker.',
    refuses: [503],
  })
  @Idempotent({ staged: true })
  @TakesUpload()
  @Answers(ImportedDto, { description: 'What became of the rows.' })
  @AlsoAnswers(ImportDto, { status: 202, description: 'A worker imports them.' })
  import(
    @CurrentTenant() tenant: Tenant,
    @Body() body: ImportContactsDto,
    @BaseUrl() base: string,
  ): Staged<ReadImport, StatusResult<Data<ImportedDto | ImportDto>>> {
    const { draft, name } = body.file;
    const given = { name, ...optionsIn(body) };
    return new Staged(
      () => this.imports.read(tenant, draft, { ...given, mayWait: body.async === true }),
      async (read) => {
        if ('file' in read) {
          return new StatusResult(202, data(presentImport(await this.imports.begin(tenant, read.file, given), base)));
        }
        const { record, tally, errors } = await this.imports.run(tenant, read, given);
        const { created, updated, skipped } = tally;
        const counts = { imported: created + updated, created, updated, skipped };
        return new StatusResult(200, data({ id: record?.number ?? null, ...counts, errors }));
      },
      undefined,
      true,
    );
  }

  @Post('imports')
  @Allows('contacts', 'agent', { limit: 'import_export' })
  @Operation('Begin import', {
    id: 'beginImport',
    description:
      'For a file of up to 500 MB: its bytes are sent by one PUT to `upload_url`, within a day; then the import is started.',
    refuses: [503],
  })
  @Idempotent({ staged: true })
  @Answers(BegunImportDto, { status: 201, description: 'Where its bytes go.' })
  begin(
    @CurrentTenant() tenant: Tenant,
    @Body() body: NewImportDto,
    @BaseUrl() base: string,
  ): Staged<void, Data<BegunImportDto>> {
    const { name, size } = body;
    return new Staged(
      () => this.imports.prepare(),
      async () => {
        const { record, upload } = await this.imports.create(tenant, { name, size, ...optionsIn(body) });
        const until = upload.expiresAt.toISOString();
        const uploading = { upload_url: absoluteUrl(upload, base)!, upload_expires_at: until };
        return data({ ...presentImport(record, base), ...uploading });
      },
    );
  }

  @Get('imports')
  @Allows('contacts', 'viewer')
  @Operation('List imports', { id: 'listImports', description: 'Newest first.' })
  @AnswersListPageOf(ImportDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @Query() query: ListQuery,
    @BaseUrl() base: string,
  ): Promise<ListPage<ImportDto>> {
    const page = await this.imports.list(tenant, { ...sliceIn(query), direction: query.sortDir });
    return new ListPage(
      page.items.map((one) => presentImport(one, base)),
      query,
      page,
    );
  }

  @Get('imports/:id')
  @Allows('contacts', 'viewer')
  @Operation('Retrieve import', { id: 'getImport' })
  @Answers(ImportDto, { description: 'The import.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @ImportParam() ref: ObjectRef,
    @BaseUrl() base: string,
  ): Promise<Data<ImportDto>> {
    return data(presentImport(await this.imports.get(tenant, ref), base));
  }

  @Post('imports/:id/start')
  @Allows('contacts', 'agent', { limit: 'import_export' })
  @Operation('Start import', {
    id: 'startImport',
    description: 'Once its file is uploaded.',
    refuses: [503],
    says: { 422: 'It is not pending, or its file was not uploaded or can not be read.' },
  })
  @Idempotent({ staged: true })
  @Answers(ImportDto, { status: 202, description: 'A worker imports it.' })
  start(
    @CurrentTenant() tenant: Tenant,
    @ImportParam() ref: ObjectRef,
    @BaseUrl() base: string,
  ): Staged<ImportRecord, Data<ImportDto>> {
    return new Staged(
      () => this.imports.check(tenant, ref),
      async (checked) => data(presentImport(await this.imports.start(tenant, checked), base)),
      undefined,
      true,
    );
  }

  @Delete('imports/:id')
  @Allows('contacts', 'agent')
  @Operation('Cancel import', {
    id: 'cancelImport',
    description: 'What it has done by then stays. One that has ended stays as it is.',
  })
  @AnswersNothing('It goes no further.')
  cancel(@CurrentTenant() tenant: Tenant, @ImportParam() ref: ObjectRef): Promise<void> {
    return this.imports.cancel(tenant, ref);
  }

  @Get('imports/:id/errors')
  @Allows('contacts', 'viewer')
  @Operation('Retrieve errors of import', {
    id: 'getImportErrors',
    description: 'A CSV file of what is wrong with rows, so far: one column, Error.',
  })
  @AnswersCsv({ name: 'import-errors-', description: 'The errors.', example: 'Error\nRow 3: missing email\n' })
  async errors(
    @CurrentTenant() tenant: Tenant,
    @ImportParam() ref: ObjectRef,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const record = await this.imports.get(tenant, ref);
    const rows = this.imports.errorsCsv(tenant, record);
    await sendCsv(request, response, { name: `import-errors-${record.number}`, rows });
  }
}

type Given = Pick<ImportContactsDto, 'tagIds' | 'onConflict' | 'unknownColumns' | 'dryRun'>;

function optionsIn({ tagIds, onConflict, unknownColumns, dryRun }: Given) {
  return {
    tags: tagIds ?? [],
    onConflict: onConflict ?? ('update' as const),
    unknownColumns: unknownColumns ?? ('refuse' as const),
    dryRun: dryRun === true,
  };
}

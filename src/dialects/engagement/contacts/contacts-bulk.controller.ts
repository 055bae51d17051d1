import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ContactsBulkService } from '../../../engagement/contacts/contacts-bulk.service.js';
import { ImportsService } from '../../../engagement/imports/imports.service.js';
import { BaseUrl } from '../../../platform/common/http/base-url.js';
import { StatusResult } from '../../../platform/common/http/status-result.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentAuth } from '../../../platform/common/tenancy/access.js';
import type { AuthContext } from '../../../platform/common/tenancy/credentials.js';
import { isAtLeast } from '../../../platform/common/tenancy/roles.js';
import { Allows } from '../http/allows.js';
import { AlsoAnswers, Answers, data, type Data } from '../http/answers.js';
import { ImportDto } from '../imports/import.dto.js';
import { presentImport } from '../imports/imports.presenter.js';
import { BulkChangeDto, BulkChangedDto } from './contacts-bulk.dto.js';

@ApiTags('contacts')
@Controller('api/v1/contacts')
export class ContactsBulkController {
  constructor(
    private readonly bulk: ContactsBulkService,
    private readonly imports: ImportsService,
  ) {}

  @Post('bulk')
  @Allows('contacts', 'agent')
  @Idempotent()
  @Operation('Change many contacts', {
    id: 'changeContacts',
    description:
      'All of it or nothing, but in a segment of more than 1,000: there each contact that can not be changed is told and skipped. Tags that are both removed and added stay.',
    says: {
      403: 'Some of the contacts are `unsubscribed`: only an admin makes them another.',
    },
  })
  @Answers(BulkChangedDto, { description: 'The contacts are changed.' })
  @AlsoAnswers(ImportDto, {
    status: 202,
    description: 'The segment has more than 1,000 contacts: an import of type `bulk` changes them.',
  })
  async change(
    @CurrentAuth() auth: AuthContext,
    @Body() body: BulkChangeDto,
    @BaseUrl() base: string,
  ): Promise<StatusResult<Data<BulkChangedDto | ImportDto>>> {
    const { contactIds, segmentId, addTagIds, removeTagIds, set } = body;
    const whom = segmentId == null ? { contacts: contactIds ?? [] } : { segment: segmentId };
    const change = {
      ...{ addTags: addTagIds ?? [], removeTags: removeTagIds ?? [] },
      set: {
        ...(set?.status == null ? {} : { status: set.status }),
        ...(set?.leadScore == null ? {} : { leadScore: set.leadScore }),
        ...(set?.customFields == null ? {} : { customFields: set.customFields }),
      },
    };
    const mayResubscribe = auth.role !== undefined && isAtLeast(auth.role, 'admin');
    const changed = await this.bulk.change(auth.tenant, whom, change, mayResubscribe);
    if (changed !== null) {
      return new StatusResult(200, data({ changed }));
    }
    const begun = await this.imports.beginBulk(auth.tenant, segmentId!, change, mayResubscribe);
    return new StatusResult(202, data(presentImport(begun, base)));
  }
}

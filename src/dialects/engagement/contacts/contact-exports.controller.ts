import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ContactExportsService } from '../../../engagement/contacts/contact-exports.service.js';
import { ContactListsService } from '../../../engagement/contacts/contact-lists.service.js';
import { now } from '../../../platform/common/clock.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { AnswersCsv, sendCsv } from '../http/csv-answer.js';
import { ContactExportQueryDto } from './contact.dto.js';
import { filtersIn } from './contacts.controller.js';

/** Before the routes of one contact, whose id would be "export". */
@ApiTags('contacts')
@Controller('api/v1/contacts')
export class ContactExportsController {
  constructor(
    private readonly exports: ContactExportsService,
    private readonly lists: ContactListsService,
  ) {}

  @Get('export')
  @Allows('contacts', 'agent', { limit: 'import_export' })
  @Operation('Export contacts', {
    id: 'exportContacts',
    description:
      'A CSV file of the contacts that these filters find, in the order of their ids: First Name, Last Name, Email, Phone, Company, Job Title, City, Country, Timezone, Lead Score, Status, Tags (apart by `;`), Created At. ' +
      'A cell that a spreadsheet would take for a formula begins with an apostrophe, which an import takes off again. A file that broke off lacks its last line end or the end of the exchange.',
  })
  @AnswersCsv({
    name: 'contacts-export-',
    description: 'The contacts.',
    example: 'First Name,Last Name,Email\nAnna,Schmidt,anna@example.com\n',
  })
  async export(
    @CurrentTenant() tenant: Tenant,
    @Query() query: ContactExportQueryDto,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const filters = await this.lists.resolve(tenant, filtersIn(query));
    const day = now().toISOString().slice(0, 10);
    const rows = this.exports.csv(tenant, filters);
    await sendCsv(request, response, { name: `contacts-export-${day}`, rows, bom: query.bom === true });
  }
}

import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { FilesModule } from '../files/files.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { ContactsBulkRepository } from './contacts/contacts-bulk.repository.js';
import { ContactsBulkService } from './contacts/contacts-bulk.service.js';
import { ContactExportsService } from './contacts/contact-exports.service.js';
import { ContactListsService } from './contacts/contact-lists.service.js';
import { ContactMergesRepository } from './contacts/contact-merges.repository.js';
import { ContactMergesService } from './contacts/contact-merges.service.js';
import { ContactUpsertsRepository } from './contacts/contact-upserts.repository.js';
import { ContactUpsertsService } from './contacts/contact-upserts.service.js';
import { ContactsRepository } from './contacts/contacts.repository.js';
import { ContactsService } from './contacts/contacts.service.js';
import { CountsGate } from './counts-gate.js';
import { ImportRows } from './imports/import-rows.js';
import { ImportsRepository } from './imports/imports.repository.js';
import { ImportsService } from './imports/imports.service.js';
import { SegmentsRepository } from './segments/segments.repository.js';
import { SegmentsService } from './segments/segments.service.js';
import { SuppressionsRepository } from './suppressions/suppressions.repository.js';
import { SuppressionsService } from './suppressions/suppressions.service.js';
import { TagsRepository } from './tags/tags.repository.js';
import { TagsService } from './tags/tags.service.js';

/** What a workspace knows of the people it talks with. */
@Module({
  imports: [CustomersModule, MessagesModule, FilesModule],
  providers: [
    ...[ContactsService, ContactListsService, ContactExportsService, ContactsRepository, CountsGate],
    ...[ContactMergesService, ContactMergesRepository],
    ...[ContactUpsertsService, ContactUpsertsRepository, ContactsBulkService, ContactsBulkRepository],
    ...[TagsService, TagsRepository],
    ...[ImportsService, ImportsRepository, ImportRows],
    ...[SegmentsService, SegmentsRepository, SuppressionsService, SuppressionsRepository],
  ],
  exports: [
    ...[
      ContactsService,
      ContactListsService,
      ContactExportsService,
      ContactMergesService,
      ContactsBulkService,
      CountsGate,
    ],
    ...[ImportsService, ImportsRepository, ImportRows, TagsService, SegmentsService, SuppressionsService],
  ],
})
export class ContactsModule {}

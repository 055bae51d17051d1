import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { ContactListsService } from './contacts/contact-lists.service.js';
import { ContactsRepository } from './contacts/contacts.repository.js';
import { ContactsService } from './contacts/contacts.service.js';
import { CountsGate } from './counts-gate.js';
import { SegmentsRepository } from './segments/segments.repository.js';
import { SegmentsService } from './segments/segments.service.js';
import { SuppressionsRepository } from './suppressions/suppressions.repository.js';
import { SuppressionsService } from './suppressions/suppressions.service.js';
import { TagsRepository } from './tags/tags.repository.js';
import { TagsService } from './tags/tags.service.js';

/** What a workspace knows of the people it talks with. */
@Module({
  imports: [MessagesModule],
  providers: [
    ...[ContactsService, ContactListsService, ContactsRepository, CountsGate, TagsService, TagsRepository],
    ...[SegmentsService, SegmentsRepository, SuppressionsService, SuppressionsRepository],
  ],
  exports: [ContactsService, ContactListsService, TagsService, SegmentsService, SuppressionsService],
})
export class ContactsModule {}

import { Body, Controller, Delete, Get, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ContactListsService,
  DEFAULT_ORDER,
  type ContactsQuery,
} from '../../../engagement/contacts/contact-lists.service.js';
import { ContactMergesService } from '../../../engagement/contacts/contact-merges.service.js';
import { ContactsService, type ContactChange } from '../../../engagement/contacts/contacts.service.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentAuth, CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { AuthContext } from '../../../platform/common/tenancy/credentials.js';
import { isAtLeast } from '../../../platform/common/tenancy/roles.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersNothing, data, type Data } from '../http/answers.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { sliceIn } from '../http/list-query.js';
import { LeadsOn } from '../http/leads-on.js';
import { ObjectParam } from '../http/object-param.js';
import {
  ContactDetailsDto,
  ContactDto,
  ContactsQueryDto,
  CreateContactDto,
  UpdateContactDto,
  type ContactExportQueryDto,
} from './contact.dto.js';
import { MergeContactDto } from './merge.dto.js';
import { presentContact, presentContactDetails } from './contacts.presenter.js';

const BY_ID = 'contact';
const ADMIN_ONLY = { 403: 'The contact is `unsubscribed`: only an admin makes it another.' };

@ApiTags('contacts')
@Controller('api/v1/contacts')
export class EngagementContactsController {
  constructor(
    private readonly contacts: ContactsService,
    private readonly lists: ContactListsService,
    private readonly merges: ContactMergesService,
  ) {}

  @Get()
  @Allows('contacts', 'viewer')
  @Operation('List contacts', { id: 'listContacts', description: 'Newest first, unless something else is asked for.' })
  @AnswersListPageOf(ContactDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: ContactsQueryDto): Promise<ListPage<ContactDto>> {
    const slice = sliceIn(query, DEFAULT_ORDER.sort);
    const order = { sort: query.sortBy ?? DEFAULT_ORDER.sort, direction: query.sortDir };
    const page = await this.lists.list(tenant, filtersIn(query), order, slice);
    return new ListPage(page.items.map(presentContact), query, page);
  }

  @Post()
  @Allows('contacts', 'agent')
  @Operation('Create contact', { id: 'createContact' })
  @Idempotent()
  @Answers(ContactDetailsDto, { status: 201, description: 'The new contact.' })
  async create(@CurrentTenant() tenant: Tenant, @Body() body: CreateContactDto): Promise<Data<ContactDetailsDto>> {
    const { firstName, email } = body;
    return data(presentContactDetails(await this.contacts.create(tenant, { ...changeIn(body), firstName, email })));
  }

  @Get(':id')
  @Allows('contacts', 'viewer')
  @Operation('Retrieve contact', { id: 'getContact' })
  @LeadsOn(ContactMergesService, 'customer')
  @Answers(ContactDetailsDto, { description: 'The contact.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam(BY_ID, { typeId: 'customer' }) ref: ObjectRef,
  ): Promise<Data<ContactDetailsDto>> {
    return data(presentContactDetails(await this.contacts.get(tenant, ref)));
  }

  @Put(':id')
  @Allows('contacts', 'agent')
  @Operation('Update contact', { id: 'updateContact', says: ADMIN_ONLY })
  @Answers(ContactDetailsDto, { description: 'The contact.' })
  async update(
    @CurrentAuth() auth: AuthContext,
    @ObjectParam(BY_ID, { typeId: 'customer' }) ref: ObjectRef,
    @Body() body: UpdateContactDto,
  ): Promise<Data<ContactDetailsDto>> {
    const mayResubscribe = auth.role !== undefined && isAtLeast(auth.role, 'admin');
    return data(presentContactDetails(await this.contacts.update(auth.tenant, ref, changeIn(body), mayResubscribe)));
  }

  @Patch(':id')
  @Allows('contacts', 'agent')
  @Operation('Update contact in part', {
    id: 'patchContact',
    description: 'The same as with PUT: what is left out stays with both.',
    says: ADMIN_ONLY,
  })
  @Answers(ContactDetailsDto, { description: 'The contact.' })
  patch(
    @CurrentAuth() auth: AuthContext,
    @ObjectParam(BY_ID, { typeId: 'customer' }) ref: ObjectRef,
    @Body() body: UpdateContactDto,
  ): Promise<Data<ContactDetailsDto>> {
    return this.update(auth, ref, body);
  }

  @Post(':id/merge')
  @Allows('contacts', 'admin')
  @Idempotent()
  @Operation('Merge contact', {
    id: 'mergeContact',
    description:
      'What the other contact has becomes what this one has: conversations and messages, tags, segments, fields. The other is deleted, its sessions and devices with it; a GET of it leads here for 30 days. Mails from its address are those of this contact, and nobody else can have it. Who of the two is `unsubscribed` is so for both. Again, nothing changes.',
    refuses: [404],
    says: { 422: 'A field is wrong, or the other contact has more than 10,000 messages or channels.' },
  })
  @Answers(ContactDetailsDto, { description: 'The contact.' })
  async merge(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam(BY_ID, { typeId: 'customer' }) ref: ObjectRef,
    @Body() { otherId, keep }: MergeContactDto,
  ): Promise<Data<ContactDetailsDto>> {
    return data(presentContactDetails(await this.merges.merge(tenant, ref, otherId, keep ?? {})));
  }

  @Delete(':id')
  @Allows('contacts', 'admin')
  @Operation('Delete contact', {
    id: 'deleteContact',
    description: 'Erases the customer. What it said stays, without a sender, and so do its conversations.',
  })
  @AnswersNothing('The contact is gone.')
  remove(@CurrentTenant() tenant: Tenant, @ObjectParam(BY_ID, { typeId: 'customer' }) ref: ObjectRef): Promise<void> {
    return this.contacts.remove(tenant, ref);
  }
}

/** What is narrowed down by. */
export function filtersIn(query: ContactsQueryDto | ContactExportQueryDto): ContactsQuery {
  const { tagId: tag, segmentId: segment, search, status, country, minScore, maxScore } = query;
  const { email, createdFrom, createdTo } = query;
  return { search, status, country, minScore, maxScore, email, createdFrom, createdTo, tag, segment };
}

/** What is given; null takes away what a contact may be without, and else changes nothing. */
function changeIn(body: UpdateContactDto): ContactChange {
  const { lastName, phone, company, jobTitle, city, country, timezone } = body;
  const { firstName, email, leadScore, status, tagIds: tags, customFields } = body;
  const given = {
    ...{ lastName, phone, company, jobTitle, city, country, timezone },
    ...{ firstName: firstName ?? undefined, email: email ?? undefined, leadScore: leadScore ?? undefined },
    ...{ status: status ?? undefined, tags: tags ?? undefined },
    customFields: customFields === null ? {} : customFields,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

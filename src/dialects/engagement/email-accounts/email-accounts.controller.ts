import { Body, Controller, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AccountTrials } from '../../../delivery/email/accounts/account-trials.js';
import { EmailAccountsService } from '../../../delivery/email/accounts/email-accounts.service.js';
import { InboundEmailsService } from '../../../delivery/email/inbound/inbound-emails.service.js';
import { invalid, notFound } from '../../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentAuth, CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { AuthContext } from '../../../platform/common/tenancy/credentials.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { UsersService } from '../../../users/accounts/users.service.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersAllOf, AnswersNothing, data, type Data } from '../http/answers.js';
import { ObjectParam } from '../http/object-param.js';
import {
  CreateEmailAccountDto,
  EmailAccountDto,
  EmailTestDto,
  FailedEmailDto,
  FailedEmailsQuery,
  UpdateEmailAccountDto,
  type DkimInput,
  type SmtpInput,
} from './email-account.dto.js';
import type { ImapInput } from './imap.dto.js';
import { ShownEmailAccounts } from './shown-email-accounts.js';

const RATE_PER_MINUTE = 60;
/** Where TLS begins with the connection. */
const TLS_PORT = 465;
const IMAP_TLS_PORT = 993;

@ApiTags('email_accounts')
@Controller('api/v1/email-accounts')
export class EmailAccountsController {
  constructor(
    private readonly accounts: EmailAccountsService,
    private readonly shown: ShownEmailAccounts,
    private readonly trials: AccountTrials,
    private readonly inbound: InboundEmailsService,
    private readonly users: UsersService,
  ) {}

  @Get()
  @Allows('conversations', 'viewer')
  @Operation('List email accounts', { description: 'The oldest first. There are no pages.' })
  @AnswersAllOf(EmailAccountDto, { description: 'The accounts.' })
  async list(@CurrentTenant() tenant: Tenant): Promise<Data<readonly EmailAccountDto[]>> {
    const rows = await this.accounts.list(tenant);
    return data(await Promise.all(rows.map((row) => this.shown.of(tenant, row))));
  }

  @Post()
  @Allows('conversations', 'admin')
  @Idempotent()
  @Operation('Create email account', { description: 'A workspace has at most 100. Nothing is sent: test it.' })
  @Answers(EmailAccountDto, { status: 201, description: 'The account.' })
  async create(
    @CurrentTenant() tenant: Tenant,
    @Body() { email, name, fromName, isDefault, smtp, dkim, imap, ratePerMinute }: CreateEmailAccountDto,
  ): Promise<Data<EmailAccountDto>> {
    if (imap && imap.password == null) {
      throw invalid('imap.password', 'The imap.password field is required.');
    }
    if (dkim && dkim.privateKey == null) {
      throw invalid('dkim.private_key', 'The dkim.private_key field is required.');
    }
    const account = {
      ...{ email, name: name ?? null, fromName, isDefault: isDefault ?? false },
      smtp: { ...serverIn(smtp), password: smtp.password ?? null },
      dkim: dkim ? { domain: dkim.domain, selector: dkim.selector, privateKey: dkim.privateKey! } : null,
      imap: imap ? { ...mailboxIn(imap), password: imap.password! } : null,
      ratePerMinute: ratePerMinute ?? RATE_PER_MINUTE,
    };
    return this.answer(tenant, await this.accounts.create(tenant, account));
  }

  @Get(':id')
  @Allows('conversations', 'viewer')
  @Operation('Retrieve email account')
  @Answers(EmailAccountDto, { description: 'The account.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('email_account') ref: ObjectRef,
  ): Promise<Data<EmailAccountDto>> {
    return this.answer(tenant, await this.accounts.get(tenant, ref));
  }

  @Put(':id')
  @Allows('conversations', 'admin')
  @Operation('Update email account', { description: 'Mails that wait for it go on.' })
  @Answers(EmailAccountDto, { description: 'The account.' })
  async update(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('email_account') ref: ObjectRef,
    @Body() { email, name, fromName, isDefault, smtp, dkim, imap, ratePerMinute }: UpdateEmailAccountDto,
  ): Promise<Data<EmailAccountDto>> {
    const { email: own } = await this.accounts.get(tenant, ref);
    if (email != null && email !== own) {
      throw invalid('email', 'The email field can not be changed.');
    }
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(fromName == null ? {} : { fromName }),
      ...(isDefault == null ? {} : { isDefault }),
      ...(ratePerMinute == null ? {} : { ratePerMinute }),
      ...(smtp ? { smtp: changedServer(smtp) } : {}),
      ...(dkim === undefined ? {} : { dkim: dkim && changedKey(dkim) }),
      ...(imap === undefined ? {} : { imap: imap && changedMailbox(imap) }),
    };
    return this.answer(tenant, await this.accounts.update(tenant, ref, change));
  }

  @Delete(':id')
  @Allows('conversations', 'admin')
  @Operation('Delete email account', { description: 'What it sent and was sent stays. Mails that wait for it fail.' })
  @AnswersNothing('The account is gone.')
  remove(@CurrentTenant() tenant: Tenant, @ObjectParam('email_account') ref: ObjectRef): Promise<void> {
    return this.accounts.remove(tenant, ref);
  }

  @Post(':id/test')
  @HttpCode(200)
  @Allows('conversations', 'admin')
  @Operation('Test email account', {
    description:
      'Sends a mail to the user who asks; for a key, it only logs in. Its mailbox is opened too, where it has one. Where it works, mails that wait go on.',
  })
  @Answers(EmailTestDto, { description: 'What came of it.' })
  async test(
    @CurrentAuth() { tenant, userId }: AuthContext,
    @ObjectParam('email_account') ref: ObjectRef,
  ): Promise<Data<EmailTestDto>> {
    const account = await this.accounts.get(tenant, ref);
    const user = userId === undefined ? null : await this.users.get(userId);
    const error = await this.trials.try(tenant, account, user?.email ?? null);
    return data({ ok: error === null, error });
  }

  @Post(':id/inbound-token')
  @HttpCode(200)
  @Allows('conversations', 'admin')
  @Operation('Renew inbound token', { description: 'Mails are taken at the new `inbound.url` only.' })
  @Answers(EmailAccountDto, { description: 'The account.' })
  async renew(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('email_account') ref: ObjectRef,
  ): Promise<Data<EmailAccountDto>> {
    return this.answer(tenant, await this.accounts.renewToken(tenant, ref));
  }

  @Get(':id/inbound')
  @Allows('conversations', 'viewer')
  @Operation('List failed emails', {
    description: 'The newest hundred mails to the account that could not be understood. They are kept for 30 days.',
  })
  @AnswersAllOf(FailedEmailDto, { description: 'The mails.' })
  async failed(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('email_account') ref: ObjectRef,
    @Query() _: FailedEmailsQuery,
  ): Promise<Data<readonly FailedEmailDto[]>> {
    const { id } = await this.accounts.get(tenant, ref);
    const rows = await this.inbound.listFailed(tenant, id);
    return data(
      rows.map(({ createdAt, ...one }) => ({ ...one, status: 'failed', created_at: createdAt.toISOString() })),
    );
  }

  @Post(':id/inbound/:mailId/retry')
  @Allows('conversations', 'admin')
  @Operation('Retry failed email', { description: 'It is tried again, as if it had just come.' })
  @AnswersNothing('It is tried again.')
  async retry(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('email_account') ref: ObjectRef,
    @ObjectParam('inbound_email', { name: 'mailId' }) mail: ObjectRef,
  ): Promise<void> {
    const { id } = await this.accounts.get(tenant, ref);
    if (typeof mail === 'number') {
      throw notFound('inbound_email');
    }
    return this.inbound.retry(tenant, id, mail);
  }

  private async answer(tenant: Tenant, row: Parameters<ShownEmailAccounts['of']>[1]): Promise<Data<EmailAccountDto>> {
    return data(await this.shown.of(tenant, row));
  }
}

function serverIn({ host, port, secure, username }: SmtpInput) {
  return { host, port, secure: secure ?? port === TLS_PORT, username: username ?? null };
}

function mailboxIn({ host, port, secure, username }: ImapInput) {
  return { host, port, secure: secure ?? port === IMAP_TLS_PORT, username };
}

function changedMailbox(imap: ImapInput) {
  return { ...mailboxIn(imap), ...(imap.password == null ? {} : { password: imap.password }) };
}

function changedServer(smtp: SmtpInput) {
  return { ...serverIn(smtp), ...(smtp.password === undefined ? {} : { password: smtp.password }) };
}

function changedKey({ domain, selector, privateKey }: DkimInput) {
  return { domain, selector, ...(privateKey == null ? {} : { privateKey }) };
}

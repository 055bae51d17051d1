import { Body, Controller, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { StatusResult } from '../platform/common/http/status-result.js';
import { IdParam } from '../platform/common/ids/id-param.js';
import { AnswersListOf, Idempotent, Operation } from '../platform/common/openapi/operation.js';
import type { Page } from '../platform/common/pagination/page.js';
import {
  AlsoForCustomers,
  CurrentCustomer,
  CurrentTenant,
  MayRead,
  Requires,
} from '../platform/common/tenancy/access.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import {
  ActiveCustomerDto,
  CreateCustomerDto,
  CustomerDto,
  ListActiveCustomersQuery,
  ListActiveForSenderQuery,
  ListCustomersQuery,
  UpdateCustomerDto,
} from './customer.dto.js';
import { presentActiveCustomer, presentCustomer, presentUnseen } from './customer.presenter.js';
import { CustomersService } from './customers.service.js';

const UNSEEN =
  'A key without `customers:read` gets only the `id` of an existing customer: its `name` is empty and the rest null.';

@ApiTags('customers')
@Controller('api/v1/customers')
export class CustomersController {
  constructor(private readonly customers: CustomersService) {}

  @Post()
  @Requires('customers:write')
  @Idempotent()
  @Operation('Create customer', {
    description: `If a customer has this e-mail address already, or this phone number where no e-mail address is given, it is returned unchanged, with 200. ${UNSEEN}`,
  })
  @ApiResponse({ status: 201, type: CustomerDto, description: 'The new customer.' })
  @ApiResponse({
    status: 200,
    type: CustomerDto,
    description: 'The customer that has this e-mail address or phone number already.',
  })
  async create(
    @CurrentTenant() tenant: Tenant,
    @MayRead('customers:read') mayRead: boolean,
    @Body() body: CreateCustomerDto,
  ): Promise<StatusResult<CustomerDto>> {
    const { row, isNew } = await this.customers.create(tenant, body);
    return isNew
      ? new StatusResult(201, presentCustomer(tenant, row))
      : new StatusResult(200, (mayRead ? presentCustomer : presentUnseen)(tenant, row));
  }

  @Get()
  @Requires('customers:read')
  @Operation('List customers', { description: 'Newest first.' })
  @AnswersListOf(CustomerDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: ListCustomersQuery): Promise<Page<CustomerDto>> {
    return (await this.customers.list(tenant, query)).map((customer) => presentCustomer(tenant, customer));
  }

  @Get('active')
  @Requires('customers:read')
  @Operation('List active customers', { description: 'The customers who have sent messages, latest message first.' })
  @AnswersListOf(ActiveCustomerDto)
  async listActive(
    @CurrentTenant() tenant: Tenant,
    @Query() query: ListActiveCustomersQuery,
  ): Promise<Page<ActiveCustomerDto>> {
    return (await this.customers.listActive(tenant, query)).map((customer) => presentActiveCustomer(tenant, customer));
  }

  @Get('active-for-sender')
  @Requires('customers:read')
  @Operation('List customers in conversation with a sender', {
    description:
      'The customers who have exchanged messages with the sender, latest message first. Empty if the sender is unknown.',
  })
  @AnswersListOf(ActiveCustomerDto)
  async listActiveForSender(
    @CurrentTenant() tenant: Tenant,
    @Query() { email, ...query }: ListActiveForSenderQuery,
  ): Promise<Page<ActiveCustomerDto>> {
    const page = await this.customers.listActiveForSender(tenant, email, query);
    return page.map((customer) => presentActiveCustomer(tenant, customer));
  }

  @Get(':id')
  @Requires('customers:read')
  @AlsoForCustomers()
  @Operation('Retrieve customer', { refuses: [404] })
  @ApiResponse({ status: 200, type: CustomerDto, description: 'The customer.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('customer') id: string,
  ): Promise<CustomerDto> {
    return presentCustomer(tenant, await this.customers.get(tenant, id, me));
  }

  @Patch(':id')
  @Requires('customers:write')
  @Operation('Update customer', { description: `Fields that are left out stay unchanged. ${UNSEEN}`, refuses: [404] })
  @ApiResponse({ status: 200, type: CustomerDto, description: 'The customer after the change.' })
  async update(
    @CurrentTenant() tenant: Tenant,
    @MayRead('customers:read') mayRead: boolean,
    @IdParam('customer') id: string,
    @Body() body: UpdateCustomerDto,
  ): Promise<CustomerDto> {
    return (mayRead ? presentCustomer : presentUnseen)(tenant, await this.customers.update(tenant, id, body));
  }
}

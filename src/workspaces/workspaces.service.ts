import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { ClientsService } from '../clients/clients.service.js';
import { Config } from '../config.js';
import { forbidden, InvalidInput, notFound, Refusal } from '../platform/common/errors/refusal.js';
import { normaliseDomain } from '../platform/common/tenancy/origin.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { MembershipsRepository } from './memberships.repository.js';
import { Memberships } from './memberships.js';
import type { Slice, Sliced } from '../platform/database/numbered-list.js';
import type { SettingsChange } from './workspace-settings.repository.js';
import { WorkspaceSettingsService } from './workspace-settings.service.js';
import { WorkspacesRepository, type WorkspaceRow, type WorkspaceSummary } from './workspaces.repository.js';

export type { WorkspaceRow, WorkspaceSummary };

/** Of one user. */
const MAX_OWNED = 20;
/** Where nothing says under which name this server is known. */
const NO_HOST = 'localhost';

export interface NewWorkspace extends Pick<SettingsChange, 'defaultCountry' | 'timezone'> {
  readonly name: string;
  readonly livemode?: boolean | null;
}

/** What is left out, or null, stays as it is. */
export interface WorkspaceChange extends SettingsChange {
  readonly name?: string | null;
  readonly domain?: string | null;
  readonly allowedSubdomains?: readonly string[] | null;
  readonly allowedIps?: readonly string[] | null;
}

/** Clients, as the users see them who operate them. */
@Injectable()
export class WorkspacesService {
  constructor(
    private readonly workspaces: WorkspacesRepository,
    private readonly clients: ClientsService,
    private readonly members: MembershipsRepository,
    private readonly memberships: Memberships,
    private readonly settings: WorkspaceSettingsService,
    private readonly config: Config,
  ) {}

  /** @throws Refusal 403 where the operator alone makes workspaces */
  async create(userId: string, input: NewWorkspace): Promise<WorkspaceRow> {
    this.mustBeForUsers();
    return this.createFor(userId, input);
  }

  /** @throws Refusal 403 where the operator alone makes workspaces */
  mustBeForUsers(): void {
    if (!this.areForUsers) {
      throw forbidden('Workspaces are made by the operator of this server');
    }
  }

  get areForUsers(): boolean {
    return this.config.workspaces !== 'operator';
  }

  /** The same by leave of the operator; the user is its owner. @throws Refusal 403 */
  async createFor(userId: string, { name, livemode, ...settings }: NewWorkspace): Promise<WorkspaceRow> {
    const clientId = uuidv7();
    await this.workspaces.inTransaction({ clientId }, async () => {
      if ((await this.workspaces.countOwned(userId)) >= MAX_OWNED) {
        throw new Refusal('forbidden', `Forbidden - A user may not own more than ${MAX_OWNED} workspaces`);
      }
      await this.clients.createWithoutKey(clientId, { name, livemode: livemode ?? true, domain: this.ownHost() });
      await this.settings.change({ clientId }, settings);
      await this.members.add({ clientId }, userId, 'owner');
    });
    return (await this.workspaces.find({ clientId }, userId))!;
  }

  /** @throws Refusal 404 */
  async get(workspace: Tenant, userId: string): Promise<WorkspaceRow> {
    const found = await this.workspaces.find(workspace, userId);
    if (!found) {
      throw notFound('workspace');
    }
    return found;
  }

  /** @throws Refusal 404 */
  async summarise(workspace: Tenant): Promise<WorkspaceSummary> {
    const found = await this.workspaces.summarise(workspace);
    if (!found) {
      throw notFound('workspace');
    }
    return found;
  }

  /** Newest first. */
  listOf(userId: string, slice: Slice): Promise<Sliced<WorkspaceRow>> {
    return this.workspaces.listOf(userId, slice);
  }

  /** @throws Refusal 404, or InvalidInput on `domain`, `allowed_subdomains.n` or `allowed_ips.n` */
  async change(workspace: Tenant, userId: string, change: WorkspaceChange): Promise<WorkspaceRow> {
    const { name, domain, allowedSubdomains, allowedIps, ...settings } = change;
    await this.clients.update(workspace.clientId, { name, domain, allowedSubdomains, allowedIps });
    await this.settings.change(workspace, settings);
    return this.get(workspace, userId);
  }

  /**
   * Its keys, sessions and sockets stop within five seconds; the rows are the operator's to throw away.
   * @param confirm its name, so that nobody does it by mistake
   * @throws InvalidInput on `confirm`
   */
  async remove(workspace: Tenant, userId: string, confirm: string): Promise<void> {
    const { name } = await this.get(workspace, userId);
    if (confirm !== name) {
      throw new InvalidInput({ confirm: ['The confirm field must be the name of the workspace.'] });
    }
    await this.settings.of(workspace);
    await this.settings.markDeleted(workspace);
    await this.clients.disable(workspace.clientId);
    this.memberships.forget();
  }

  /** Requests to this server come from nobody else's pages, unless somebody says so. */
  private ownHost(): string {
    const { publicUrl } = this.config;
    return (publicUrl === undefined ? null : normaliseDomain(new URL(publicUrl).hostname)) ?? NO_HOST;
  }
}

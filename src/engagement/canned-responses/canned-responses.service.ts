import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { invalid, notFound, Refusal } from '../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../platform/common/ids/object-ref.js';
import { AccessRefusal } from '../../platform/common/tenancy/access-refusal.js';
import type { AuthContext } from '../../platform/common/tenancy/credentials.js';
import { isAtLeast } from '../../platform/common/tenancy/roles.js';
import { holdsTag } from '../conversations/reply-text.js';
import { contactValues } from '../templates/contact-values.js';
import { TemplateFault } from '../templates/template-fault.js';
import { Template } from '../templates/template.js';
import type { CannedScope } from './canned-response.entity.js';
import {
  CannedResponsesRepository,
  type Addressee,
  type CannedChange,
  type CannedRow,
  type NewCanned,
} from './canned-responses.repository.js';

export type { CannedChange, CannedRow };

export const MAX_CANNED = 1_000;

/** Who asks, and as what. */
export type CannedViewer = Pick<AuthContext, 'tenant' | 'userId' | 'role'>;
export type CannedInput = Omit<NewCanned, 'id' | 'ownerId'>;

/** What is answered often: the team's, and each user's own. Another's own are as if they were not there. */
@Injectable()
export class CannedResponsesService {
  constructor(private readonly canned: CannedResponsesRepository) {}

  /** What is used most first. */
  list(
    { tenant, userId }: CannedViewer,
    { category, search }: { readonly category?: string | null; readonly search?: string | null },
  ): Promise<readonly CannedRow[]> {
    const words = (search ?? '').split(/\s+/).filter((word) => word !== '');
    return this.canned.list(tenant, userId ?? null, category ?? null, words);
  }

  /** @throws Refusal 404 */
  async get({ tenant, userId }: CannedViewer, ref: ObjectRef): Promise<CannedRow> {
    return found(await this.canned.find(tenant, userId ?? null, ref));
  }

  /** @throws Refusal 409 where there are too many, or 422 on `shortcut` */
  create({ tenant, userId }: CannedViewer, input: CannedInput): Promise<CannedRow> {
    return this.canned.transaction(tenant, async () => {
      if ((await this.canned.count(tenant)) >= MAX_CANNED) {
        throw new Refusal('limit_reached', `A workspace may not have more than ${MAX_CANNED} canned responses`);
      }
      return unlessTaken(await this.canned.insert(tenant, { id: uuidv7(), ownerId: userId ?? null, ...input }));
    });
  }

  /** @throws Refusal 404, 403 where it is to become somebody's own who did not make it, or 422 on `shortcut` */
  async update(viewer: CannedViewer, ref: ObjectRef, change: CannedChange): Promise<CannedRow> {
    const { tenant, userId = null } = viewer;
    if (change.scope === 'personal') {
      mustBeTheirs(viewer, await this.get(viewer, ref), 'personal');
    }
    return found(unlessTaken(await this.canned.update(tenant, userId, ref, change)));
  }

  /** One that is not there is gone already. @throws Refusal 403: the team's goes by who made it, or by an admin */
  async delete(viewer: CannedViewer, ref: ObjectRef): Promise<void> {
    const row = await this.canned.find(viewer.tenant, viewer.userId ?? null, ref);
    if (row) {
      mustBeTheirs(viewer, row, row.scope);
      await this.canned.delete(viewer.tenant, row.id);
    }
  }

  /** What it says in a conversation. @throws Refusal 404, or 422 on `conversation_id` */
  async render(viewer: CannedViewer, ref: ObjectRef, conversation: ObjectRef): Promise<string> {
    const { content } = await this.get(viewer, ref);
    const addressee = await this.canned.findAddressee(viewer.tenant, viewer.userId ?? null, conversation);
    if (!addressee) {
      throw invalid('conversation_id', 'The selected conversation_id is invalid.');
    }
    return said(content, addressee);
  }

  /** A reply names it. @returns its id, null where this viewer sees no such one */
  use({ tenant, userId }: Pick<CannedViewer, 'tenant' | 'userId'>, ref: ObjectRef): Promise<string | null> {
    return this.canned.use(tenant, userId ?? null, ref);
  }
}

/** What was kept before templates were checked, and is none, is said as it stands. */
function said(content: string, addressee: Addressee): string {
  const values = contactValues(addressee);
  values.set('workspace.name', addressee.workspaceName);
  values.set('agent.name', addressee.agentName ?? '');
  try {
    return Template.trusted(content).render(values, holdsTag(content) ? 'html' : 'text');
  } catch (error) {
    if (error instanceof TemplateFault) {
      return content;
    }
    throw error;
  }
}

/** @throws Refusal 403 */
function mustBeTheirs({ userId, role }: CannedViewer, { ownerId }: CannedRow, scope: CannedScope): void {
  const isOwner = ownerId === (userId ?? null);
  const isAdmin = scope === 'team' && role !== undefined && isAtLeast(role, 'admin');
  if (!isOwner && !isAdmin) {
    throw new AccessRefusal({ role: 'admin' });
  }
}

function unlessTaken<T>(row: T | 'taken'): T {
  if (row === 'taken') {
    throw invalid('shortcut', 'This shortcut is already taken in your workspace.');
  }
  return row;
}

function found<T>(row: T | null): T {
  if (row === null) {
    throw notFound('canned_response');
  }
  return row;
}

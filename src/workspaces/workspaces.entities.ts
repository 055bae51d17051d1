import { AuditEntry } from './audit/audit-entry.entity.js';
import { Invitation } from './invitations/invitation.entity.js';
import { Membership } from './membership.entity.js';
import { PersonalToken } from './tokens/personal-token.entity.js';
import { WorkspaceSettings } from './workspace-settings.entity.js';

export const workspacesEntities = [AuditEntry, Membership, Invitation, PersonalToken, WorkspaceSettings];

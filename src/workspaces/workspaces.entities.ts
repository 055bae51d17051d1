import { Invitation } from './invitations/invitation.entity.js';
import { Membership } from './membership.entity.js';
import { PersonalToken } from './tokens/personal-token.entity.js';
import { WorkspaceSettings } from './workspace-settings.entity.js';

export const workspacesEntities = [Membership, Invitation, PersonalToken, WorkspaceSettings];

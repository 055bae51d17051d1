import type { Role } from '../../../platform/common/tenancy/roles.js';
import type { WorkspaceSummary } from '../../../workspaces/workspaces.service.js';
import type { EngagementWorkspaceDto } from './workspace.dto.js';

export function presentWorkspace(
  of: WorkspaceSummary,
  {
    emailAccounts,
    campaigns,
    workflows,
  }: { readonly emailAccounts: number; readonly campaigns: number; readonly workflows: number },
  role: Role,
): EngagementWorkspaceDto {
  const {
    id,
    number,
    name,
    timezone,
    defaultCountry,
    smartEncoding,
    asksForRatings,
    contacts,
    conversations,
    members,
  } = of;
  return {
    ...{ id: number, uuid: id, name, slug: slugOf(name, number) },
    ...{ logo_path: null, industry: null, team_size: null, timezone, onboarding_completed: true },
    settings: { default_country: defaultCountry, smart_encoding: smartEncoding, asks_for_ratings: asksForRatings },
    counts: { contacts, conversations, email_accounts: emailAccounts, campaigns, workflows, members },
    ...{ subscription: null, your_role: role, created_at: of.createdAt.toISOString() },
  };
}

/** "Café Acme", 42 → "cafe-acme-42": of a name without a Latin letter, the number alone. */
function slugOf(name: string, number: number): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return [...(plain.match(/[a-z\d]+/g) ?? []), number].join('-');
}

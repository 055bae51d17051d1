import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { forbidden, notFound } from '../../platform/common/errors/refusal.js';
import { isAtLeast, type Role } from '../../platform/common/tenancy/roles.js';
import type { LockedMember } from '../memberships.repository.js';

/** Nobody gives more than it has. @throws Refusal 403 */
export function assertMayGive(own: Role, role: Role): void {
  if (!isAtLeast(own, role)) {
    throw forbidden(`Nobody below ${role} may make somebody ${role}`);
  }
}

/**
 * Who may change what whom is, by what everybody is now.
 * @param locked the owners, and whoever this is about
 * @param role what `userId` is to be; null: no member any more
 * @throws Refusal 403, 404 or 409
 */
export function assertMayChange(
  locked: readonly LockedMember[],
  { actorId, userId, role }: { readonly actorId: string; readonly userId: string; readonly role: Role | null },
): void {
  const roleOf = (id: string): Role | undefined => locked.find((one) => one.userId === id)?.role;
  const [actor, target] = [roleOf(actorId), roleOf(userId)];
  if (actor === undefined) {
    throw notFound('workspace');
  }
  const leaves = actorId === userId && role === null;
  if (!leaves && !isAtLeast(actor, 'admin')) {
    throw forbidden('Needs the role admin');
  }
  if (target === undefined) {
    throw notFound('user');
  }
  if (!isAtLeast(actor, target)) {
    throw forbidden('Only an owner may do this to an owner');
  }
  if (role !== null) {
    assertMayGive(actor, role);
  }
  if (target === 'owner' && role !== 'owner' && locked.filter((one) => one.role === 'owner').length === 1) {
    throw new ReasonedRefusal('last_owner', 'A workspace must have an owner. Make somebody else one first.');
  }
}

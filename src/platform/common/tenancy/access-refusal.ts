import { Refusal } from '../errors/refusal.js';
import type { Role } from './roles.js';

/** What somebody lacks who is known, for dialects that name it. */
export type Lack =
  | { readonly workspace: true }
  | { readonly scope: string }
  /** The role that is needed. */
  | { readonly role: Role };

/** Known, and yet not admitted to this. */
export class AccessRefusal extends Refusal {
  constructor(readonly lacks: Lack) {
    super('forbidden', `Forbidden - ${sentenceOf(lacks)}`);
  }
}

function sentenceOf(lacks: Lack): string {
  if ('workspace' in lacks) {
    return 'No active workspace';
  }
  return 'scope' in lacks ? `Missing scope: ${lacks.scope}` : `Needs the role ${lacks.role}`;
}

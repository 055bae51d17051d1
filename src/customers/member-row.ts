/** A customer as a channel or a conversation shows it. */
export interface MemberRow {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly avatarUrl: string | null;
}

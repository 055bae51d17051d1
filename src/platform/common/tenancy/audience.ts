/** Who is shown something: the client itself, or one of its customers, who is told less of the others. */
export type Audience = 'client' | 'customer';

/** @param viewer the customer who asks, where it is one */
export function audienceOf(viewer: string | null): Audience {
  return viewer === null ? 'client' : 'customer';
}

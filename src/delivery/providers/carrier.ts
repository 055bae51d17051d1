import type { MessagingProvider } from './messaging-provider.entity.js';

/** What it takes to speak to a provider. */
export type ConnectionRow = Pick<MessagingProvider, 'id' | 'kind' | 'public' | 'secret'>;

/** The same among the columns of another row, all null where there is none. */
export type Carrier = { readonly providerId: string | null } & Pick<ConnectionRow, 'kind' | 'public' | 'secret'>;

export function carrierIn({ providerId: id, kind, public: shown, secret }: Carrier): ConnectionRow | null {
  return id === null ? null : { id, kind, public: shown, secret };
}

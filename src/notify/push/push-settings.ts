/** Where the providers are, for tests and proxies; absent, where they are. Never a client's to say. */
export interface PushSettings {
  readonly apnsUrl: string | undefined;
  /** A file with the certificates to trust there. */
  readonly apnsCa: string | undefined;
  readonly fcmUrl: string | undefined;
  readonly fcmTokenUrl: string | undefined;
}

/** The credentials that each provider needs. */
export interface ProviderCredentials {
  readonly apns: {
    /** PKCS#8 in PEM, as Apple's .p8 file has it. */
    readonly key: string;
    readonly keyId: string;
    readonly teamId: string;
    readonly bundleId: string;
    /** False: Apple's sandbox, where the tokens of development builds are good. */
    readonly production: boolean;
  };
  readonly fcm: {
    readonly projectId: string;
    readonly clientEmail: string;
    readonly privateKey: string;
  };
  readonly webpush: {
    /** Whom a push service may contact. */
    readonly subject: string;
    readonly publicKey: string;
    readonly privateKey: string;
  };
}

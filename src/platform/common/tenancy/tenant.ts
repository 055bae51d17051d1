/** Whose rows a request may see: the first parameter of every service and repository method. */
export interface Tenant {
  readonly clientId: string;
  /** A client is either test or live, and so is everything it has. */
  readonly livemode: boolean;
}

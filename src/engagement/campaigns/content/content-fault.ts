/** The HTML of a campaign has what it must not. */
export class ContentFault extends Error {
  /** @param says as what follows the name of a field: `has …` */
  constructor(readonly says: string) {
    super(`The content ${says}`);
  }
}

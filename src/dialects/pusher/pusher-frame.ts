/**
 * An event on its way to sockets. The data is serialized once, and the frame once for each channel, however many sockets
 * get it. A string is passed on as it is.
 */
export class PusherFrame {
  private json: string | undefined;

  /**
   * @param userId who sent a client event on a presence channel
   * @param withoutEmails sent instead to customers, and to keys without `customers:read`, where that differs
   */
  constructor(
    readonly event: string,
    private readonly data: unknown,
    private readonly userId?: string,
    readonly withoutEmails?: PusherFrame,
  ) {}

  frameFor(channel: string): Buffer {
    // Pusher's protocol wants the data as a string that is JSON, and some libraries send theirs so.
    this.json ??= JSON.stringify(typeof this.data === 'string' ? this.data : JSON.stringify(this.data));
    const from = this.userId === undefined ? '' : `,"user_id":"${this.userId}"`;
    return Buffer.from(
      `{"event":${JSON.stringify(this.event)},"channel":${JSON.stringify(channel)},"data":${this.json}${from}}`,
    );
  }
}

/** Milliseconds before the first attempt to come back, and at most. */
const RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;
const PONG_MS = 30_000;

/** As much of the Pusher Channels protocol as a chat needs; it comes back by itself, and subscribes again. */
export class Socket {
  #channels = new Map();
  #failures = 0;
  #socket = null;
  #id = null;
  #timers = { retry: undefined, silence: undefined };
  #silenceMs = 120_000;

  /**
   * @param authorize answers the signature for a socket and a channel
   * @param onState is told whether it is connected
   */
  constructor(url, authorize, onState) {
    this.url = url;
    this.authorize = authorize;
    this.onState = onState;
    globalThis.addEventListener('online', () => this.#socket === null && this.connect());
  }

  connect() {
    clearTimeout(this.#timers.retry);
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(data)));
    socket.addEventListener('close', ({ code }) => this.#socket === socket && this.#lost(code));
  }

  /** @param handlers by name of the event; `subscribed` each time that it is heard from then on */
  subscribe(name, handlers) {
    this.#channels.set(name, handlers);
    void this.#join(name);
  }

  /** Heard by the others only. Where there is no connection it is for nobody. */
  trigger(channel, event) {
    if (this.#id !== null) {
      this.#send({ event, channel, data: {} });
    }
  }

  async #join(name) {
    const id = this.#id;
    if (id === null) {
      return;
    }
    try {
      const { auth } = await this.authorize(id, name);
      if (id === this.#id) {
        this.#send({ event: 'pusher:subscribe', data: { channel: name, auth } });
      }
    } catch {
      // It is asked for again with the next connection.
      this.#socket?.close();
    }
  }

  #receive({ event, channel, data }) {
    this.#listen();
    const said = typeof data === 'string' ? JSON.parse(data) : data;
    if (event === 'pusher:connection_established') {
      this.#failures = 0;
      this.#id = said.socket_id;
      this.#silenceMs = said.activity_timeout * 1_000;
      this.onState(true);
      [...this.#channels.keys()].forEach((name) => void this.#join(name));
    } else if (event === 'pusher:ping') {
      this.#send({ event: 'pusher:pong', data: {} });
    } else {
      const handler = event === 'pusher_internal:subscription_succeeded' ? 'subscribed' : event;
      this.#channels.get(channel)?.[handler]?.(said);
    }
  }

  /** Where nothing is heard for long it is asked whether there is still somebody. */
  #listen() {
    clearTimeout(this.#timers.silence);
    this.#timers.silence = setTimeout(() => {
      this.#send({ event: 'pusher:ping', data: {} });
      this.#timers.silence = setTimeout(() => this.#socket?.close(), PONG_MS);
    }, this.#silenceMs);
  }

  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(frame));
    }
  }

  #lost(code) {
    clearTimeout(this.#timers.silence);
    this.#socket = null;
    this.#id = null;
    this.onState(false);
    // As the protocol has it: 40xx never again, 42xx at once, all else after a while.
    if (code >= 4_000 && code < 4_100) {
      return;
    }
    const wait = Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    this.#failures += 1;
    this.#timers.retry = setTimeout(
      () => this.connect(),
      code >= 4_200 && code < 4_300 && this.#failures === 1 ? 0 : wait,
    );
  }
}

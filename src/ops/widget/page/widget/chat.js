import { Refused } from './api.js';
import { Socket } from './socket.js';

const TYPING_ENDS_MS = 1_500;
const MAX_FILE_BYTES = 25 * 1024 * 1024;
const PAGE = 100;
/** How many of a customer's channels are looked through for the one with the desk. */
const CHANNELS = 100;

/** What is said between one customer and the desk: through the core, as any client of it would. */
export class Chat {
  #customerId = null;
  #channelId = null;
  #last = null;
  #lastOwn = null;
  #socket = null;
  #typing = undefined;
  /** One after the other: what arrives while history is being read waits for its place behind it. */
  #queue = Promise.resolve();

  constructor(api, desk, memory, texts) {
    Object.assign(this, { api, desk, memory, texts });
  }

  /** @param known the session of a customer that the page knows; null: a visitor, who may have been here before */
  async begin(view, known) {
    this.view = view;
    const session = known ?? this.memory.read();
    if (session !== null) {
      await this.#enter(session).catch((error) => this.#ended(error));
    }
  }

  async write(text) {
    await this.#say(async () => {
      await this.#mustBeSomebody();
      this.#stopTyping();
      if (this.#channelId === null) {
        const { data } = await this.#post('/api/v1/live-chat/conversations', { body: text });
        await this.#follow(data.channel_id);
      } else {
        await this.#send({ type: 'text', content: text });
      }
      this.view.input.value = '';
    });
  }

  async attach(file) {
    if (file.size > MAX_FILE_BYTES) {
      this.view.say(this.texts.tooLarge);
      return;
    }
    await this.#say(async () => {
      await this.#mustBeSomebody();
      if (this.#channelId === null) {
        const { data } = await this.#post('/api/v1/live-chat/conversations', { body: file.name });
        await this.#follow(data.channel_id);
      }
      const { id, mimeType } = await this.api.upload(file);
      await this.#send({ parts: [{ mime_type: mimeType, file_uuid: id }] });
    });
  }

  typing() {
    if (this.#channelId === null) {
      return;
    }
    if (this.#typing === undefined) {
      this.#socket.trigger(this.#channel, 'client-typing');
    }
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#stopTyping(), TYPING_ENDS_MS);
  }

  /** What is seen is read. */
  read() {
    if (this.#channelId !== null && this.#last !== null && this.view.isOpen && document.visibilityState === 'visible') {
      const body = { customer_uuid: this.#customerId };
      this.api.ask('POST', `/api/v1/channels/${this.#channelId}/read`, { body }).catch(() => undefined);
    }
  }

  get #channel() {
    return `private-channel.${this.#channelId}`;
  }

  async #say(work) {
    this.view.say('');
    try {
      await work();
    } catch (error) {
      this.#ended(error);
      const isTooFast = error instanceof Refused && error.status === 429;
      this.view.say(isTooFast ? this.texts.slowDown : this.texts.failed);
    }
  }

  /** A session that is over is forgotten: who writes next is a new visitor. */
  #ended(error) {
    if (error instanceof Refused && error.status === 401 && this.api.token !== null) {
      this.memory.forget();
      this.api.token = null;
      this.#customerId = null;
      this.#channelId = null;
    }
  }

  async #mustBeSomebody() {
    if (this.#customerId === null) {
      const { data } = await this.api.ask('POST', '/api/v1/live-chat/visitors', { body: {} });
      const session = { token: data.token, customerId: data.customer_id, expiresAt: data.expires_at };
      this.memory.write(session);
      await this.#enter(session);
    }
  }

  async #enter({ token, customerId }) {
    this.api.token = token;
    const { data } = await this.api.ask('GET', `/api/v1/channels/customer/${customerId}?limit=${CHANNELS}`);
    this.#customerId = customerId;
    const secure = this.api.base.replace(/^http/, 'ws');
    this.#socket = new Socket(
      `${secure}/app/${this.api.publicKey}?protocol=7&client=parlance-widget&version=1.0`,
      (socketId, channel) =>
        this.api.ask('POST', '/broadcasting/auth', { body: { socket_id: socketId, channel_name: channel } }),
      (isConnected) => this.view.say(isConnected ? '' : this.texts.connecting),
    );
    this.#socket.connect();
    this.#socket.subscribe(`private-customer.${customerId}`, {
      'unread.changed': ({ channel_id: channelId, unread_count: count }) => {
        if (channelId === this.#channelId) {
          this.view.showUnread(count);
        }
      },
      // The desk may write first.
      'message.sent': ({ message }) => {
        if (this.#channelId === null) {
          void this.#look(message.channel_id);
        }
      },
    });
    const channel = data.find((one) => one.address_id === this.desk.customer_id);
    if (channel) {
      this.view.showUnread(channel.unread_count);
      await this.#follow(channel.id);
    }
  }

  async #look(channelId) {
    const channel = await this.api.ask('GET', `/api/v1/channels/${channelId}`);
    if (this.#channelId === null && channel.address_id === this.desk.customer_id) {
      await this.#follow(channelId);
    }
  }

  async #follow(channelId) {
    this.#channelId = channelId;
    this.#socket.subscribe(this.#channel, {
      subscribed: () =>
        this.#inTurn(async () => {
          await this.#catchUp();
          await this.#lookWhetherRead();
        }),
      'message.sent': ({ message }) => this.#inTurn(() => this.#show(message)),
      'message.deleted': ({ id }) => this.view.remove(id),
      'message.read': ({ customer_id: customerId, position }) => {
        if (customerId === this.desk.customer_id) {
          this.view.markRead(position);
        }
      },
      'typing.started': ({ customer_id: customerId }) => {
        if (customerId === this.desk.customer_id) {
          this.view.say(this.texts.typing(this.desk.name));
        }
      },
      'typing.stopped': () => this.view.say(''),
    });
    await this.#inTurn(() => this.#catchUp());
  }

  /** Whatever was said while nobody was connected: page by page, after the last message that is shown. */
  async #catchUp() {
    for (let hasMore = true; hasMore;) {
      const after = this.#last === null ? '' : `&starting_after=${this.#last}`;
      const path = `/api/v1/messages/channel/${this.#channelId}?limit=${PAGE}${after}`;
      const page = await this.api.ask('GET', path);
      page.data.forEach((message) => this.#show(message));
      hasMore = page.has_more;
    }
  }

  /** What was read while nobody was here, as far as the newest of one's own tells. */
  async #lookWhetherRead() {
    if (this.#lastOwn !== null) {
      const { id, position } = this.#lastOwn;
      const { data } = await this.api.ask('GET', `/api/v1/messages/${id}/receipts`);
      if (data.some((one) => one.customer_id === this.desk.customer_id && one.status === 'read')) {
        this.view.markRead(position);
      }
    }
  }

  #inTurn(step) {
    this.#queue = this.#queue.then(step).catch((error) => this.#ended(error));
    return this.#queue;
  }

  #show({ id, position, sender_id: senderId, content, parts }) {
    const isMine = senderId === this.#customerId;
    const files = (parts ?? []).filter((part) => part.file_id);
    this.view.show({
      ...{ id, position, isMine, by: isMine ? this.texts.you : this.desk.name },
      says: files.length === 0 ? content : this.view.fileLinks(files, (file) => this.#addressOf(file)),
    });
    this.#last = id;
    if (isMine) {
      this.#lastOwn = { id, position };
    } else {
      this.view.say('');
      this.read();
    }
  }

  async #addressOf({ file_id: fileId }) {
    const { name, download_url: url } = await this.api.ask('GET', `/api/v1/files/${fileId}`);
    return { name, url };
  }

  async #send(body) {
    const message = { channel_uuid: this.#channelId, sender_uuid: this.#customerId, ...body };
    await this.#post('/api/v1/messages', message);
    await this.#inTurn(() => this.#catchUp());
  }

  /** Once more where nobody answered, with the same key: what was taken already is not taken twice. */
  async #post(path, body) {
    const key = Array.from(crypto.getRandomValues(new Uint32Array(4)), (one) => one.toString(36)).join('-');
    try {
      return await this.api.ask('POST', path, { body, key });
    } catch (error) {
      if (error instanceof Refused && error.status !== 503) {
        throw error;
      }
      return this.api.ask('POST', path, { body, key });
    }
  }

  #stopTyping() {
    if (this.#typing !== undefined) {
      clearTimeout(this.#typing);
      this.#typing = undefined;
      this.#socket?.trigger(this.#channel, 'client-typing-stopped');
    }
  }
}

/** What the server refused: `status` says how. */
export class Refused extends Error {
  constructor(status) {
    super(`The server answered ${status}.`);
    this.status = status;
  }
}

/** The server that the widget comes from, as one of the client's pages asks it. */
export class Api {
  /** The token of the customer's session, once there is one. */
  token = null;

  constructor(base, publicKey) {
    this.base = base;
    this.publicKey = publicKey;
  }

  /** @param key makes what is sent again take effect once */
  async ask(method, path, { body, key } = {}) {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...(this.token === null ? { 'X-Public-Key': this.publicKey } : { Authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(key === undefined ? {} : { 'Idempotency-Key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Refused(response.status);
    }
    return response.status === 204 ? null : response.json();
  }

  /** @returns the id of the file, once its bytes are there */
  async upload(file) {
    const mimeType = file.type || 'application/octet-stream';
    const body = { mime_type: mimeType, size: file.size, name: file.name };
    const { id, upload_url: url } = await this.ask('POST', '/api/v1/files', { body });
    const response = await fetch(url, { method: 'PUT', body: file, headers: { 'Content-Type': mimeType } });
    if (!response.ok) {
      throw new Refused(response.status);
    }
    return { id, mimeType };
  }
}

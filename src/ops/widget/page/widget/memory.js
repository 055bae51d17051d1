/** Who this browser is, across pages and visits: for as long as the session lasts. Where nothing may be kept, for this page. */
export class Memory {
  #kept = null;

  constructor(publicKey) {
    this.name = `parlance:${publicKey}`;
  }

  read() {
    try {
      this.#kept = JSON.parse(localStorage.getItem(this.name)) ?? this.#kept;
    } catch {
      // What cannot be read was never written.
    }
    return this.#kept !== null && Date.parse(this.#kept.expiresAt) > Date.now() ? this.#kept : null;
  }

  write(session) {
    this.#kept = session;
    try {
      localStorage.setItem(this.name, JSON.stringify(session));
    } catch {
      // Then it is kept here alone.
    }
  }

  forget() {
    this.#kept = null;
    try {
      localStorage.removeItem(this.name);
    } catch {
      // There is nothing to forget.
    }
  }
}

/** Loaded before a server, in whose process the machine's clock is then off by `CLOCK_SHIFT_MS`. */
const shift = Number(process.env.CLOCK_SHIFT_MS);
const Machine = Date;
globalThis.Date = class extends Machine {
  constructor(...given) {
    super(...(given.length === 0 ? [Machine.now() + shift] : given));
  }

  static now() {
    return Machine.now() + shift;
  }
};

/** The values of a statement that is put together: `$1` is the client's id. */
export class Binding {
  readonly values: unknown[] = [];

  /** @returns the place that stands for it: `$2::text` */
  bind(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length + 1}::${type}`;
  }
}

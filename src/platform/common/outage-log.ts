import type { Logger } from '@nestjs/common';

/** Something that is tried again and again: says once that it fails, and once that it works again. */
export class OutageLog {
  private going = false;

  constructor(
    private readonly logger: Logger,
    private readonly what: string,
  ) {}

  began(error: unknown): void {
    if (!this.going) {
      this.going = true;
      this.logger.warn(`${this.what}: ${(error as Error).message}`);
    }
  }

  over(): void {
    if (this.going) {
      this.going = false;
      this.logger.warn(`${this.what}: over.`);
    }
  }
}

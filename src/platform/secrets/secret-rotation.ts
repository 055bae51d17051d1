import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { SecretBox } from './secret-box.js';

/** Rows at a time. */
const BATCH_ROWS = 100;

/** While there is a previous key, what a table keeps sealed is sealed again with the new one, so that it can be removed. */
export abstract class SecretRotation<Row extends { readonly secret: Buffer }> implements OnApplicationBootstrap {
  private readonly logger = new Logger('SecretRotation');

  protected constructor(private readonly box: SecretBox) {}

  onApplicationBootstrap(): void {
    this.rotate().catch((error: unknown) =>
      this.logger.warn(`Secrets were not sealed anew: ${(error as Error).message}`),
    );
  }

  /** Secrets that neither key opens are left as they are, and logged. */
  async rotate(): Promise<void> {
    const keyId = await this.box.idToRotateTo();
    if (keyId === null) {
      return;
    }
    let after: Row | null = null;
    for (let found = BATCH_ROWS; found === BATCH_ROWS;) {
      const rows: Row[] = await this.findSealedBefore(keyId, after, BATCH_ROWS);
      found = rows.length;
      for (const row of rows) {
        await this.sealAgain(row);
        after = row;
      }
    }
  }

  /** The next in the order of the table's key whose secret doesn't begin with this key's id. @param after null: the first */
  protected abstract findSealedBefore(keyId: Buffer, after: Row | null, most: number): Promise<Row[]>;

  /** What the row's secret is bound to. */
  protected abstract contextOf(row: Row): string;

  /** Unless the secret was changed in the meantime. */
  protected abstract sealAnew(row: Row, sealed: Buffer): Promise<void>;

  private async sealAgain(row: Row): Promise<void> {
    const context = this.contextOf(row);
    try {
      await this.sealAnew(row, await this.box.seal(context, await this.box.open(context, row.secret)));
    } catch (error) {
      this.logger.warn((error as Error).message);
    }
  }
}

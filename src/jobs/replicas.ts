import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** STAND-IN: the real one replaces it at the merge. */
@Injectable()
export class Replicas {
  readonly id = randomUUID();
  private registration: Promise<unknown> | undefined;

  constructor(private readonly database: Database) {}

  onRejoin(_listener: () => Promise<void>): void {}

  register(): Promise<unknown> {
    this.registration ??= this.database.run(
      { name: 'stand_in.register', text: `INSERT INTO replicas (id, seen_at) VALUES ($1, 'infinity')` },
      [this.id],
    );
    return this.registration;
  }
}

import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NoncesRepository } from './nonces.repository.js';

/** Seconds. */
const LIFETIME_SECONDS = 600;
const BYTES = 32;

/** What makes an identity token good for one session, soon. */
@Injectable()
export class NoncesService {
  constructor(private readonly nonces: NoncesRepository) {}

  async create(): Promise<string> {
    const nonce = randomBytes(BYTES).toString('base64url');
    await this.nonces.insert(nonce, LIFETIME_SECONDS);
    return nonce;
  }

  /** Whether it may be used, this once. */
  take(nonce: string): Promise<boolean> {
    return this.nonces.take(nonce);
  }
}

import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { Connections } from '../providers/connections.js';
import type { SendOutcome } from '../providers/provider.js';
import { ProvidersService } from '../providers/providers.service.js';
import { digestOf } from './code-digest.js';
import { CodesRepository } from './codes.repository.js';

const DIGITS = 6;

/** Sends numbers the codes by which they are verified. */
@Injectable()
export class CodeSender {
  constructor(
    private readonly codes: CodesRepository,
    private readonly connections: Connections,
    private readonly providers: ProvidersService,
  ) {}

  /**
   * Makes a code and hands it to the provider, once: where nobody knows what came of it, another one is asked for. It is in no
   * message, where whoever asked for it could read it.
   */
  async send(tenant: Tenant, id: string): Promise<void> {
    const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
    const address = await this.codes.keep(tenant, id, digestOf(tenant, id, code));
    if (!address) {
      return;
    }
    const { address: number } = address;
    const body = `${code} is the code that verifies this number.`;
    const provider = await this.connections.of(tenant, address);
    const text = { id: uuidv7(), from: number, to: number, body, media: [], attempts: 1 };
    const outcome = await provider.send(tenant, text).catch((): SendOutcome => ({ kind: 'unknown', why: 'no answer' }));
    if (outcome.kind !== 'accepted') {
      const why = outcome.kind === 'unknown' ? outcome.why : outcome.errorCode;
      await this.providers.noteError(tenant, address.id, `A code could not be sent to ${number}: ${why}`);
    }
  }
}

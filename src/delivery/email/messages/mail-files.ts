import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Drafts } from '../../../files/drafts.js';
import { FilesService, type FileRow, type NewFile } from '../../../files/files.service.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';

/** Keeps as files what mails bring. */
@Injectable()
export class MailFiles {
  constructor(
    private readonly files: FilesService,
    private readonly drafts: Drafts,
  ) {}

  /** @throws Refusal 422 where there is no room, 503 */
  async keep(tenant: Tenant, bytes: Uint8Array, about: Omit<NewFile, 'size'>): Promise<FileRow> {
    const draft = await this.drafts.write(
      Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)]),
    );
    try {
      return await this.files.keep(tenant, draft, about);
    } finally {
      await this.drafts.discard(draft);
    }
  }

  /** Null where it is gone. @throws Refusal 503 */
  async read(tenant: Tenant, id: string): Promise<Buffer | null> {
    const file = await this.files.find(tenant, id, null);
    if (!file) {
      return null;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of (await this.files.read(tenant, file)) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

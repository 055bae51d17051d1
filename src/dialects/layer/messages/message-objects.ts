import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { FilesService, type FileLinks } from '../../../files/files.service.js';
import { shareMessage, type SharedMessage } from './message-object.js';
import type { MessageRow, SaidRow } from './message-row.js';

/** Rows of messages as this dialect tells of them, with links to the files in them. */
@Injectable()
export class MessageObjects {
  constructor(private readonly files: FilesService) {}

  /** In the order of the rows; by the ids of the messages. */
  async share(tenant: Tenant, said: readonly SaidRow[], base: string): Promise<Map<string, SharedMessage>> {
    const links = await this.linksOf(tenant, said);
    return new Map(
      said.flatMap((one) =>
        one.messages.map((message) => [message.id, shareMessage(one, message, links, base)] as const),
      ),
    );
  }

  /** Signed here, without a question to anybody: what was sent is uploaded, and who sees the message may fetch it. */
  private async linksOf(tenant: Tenant, said: readonly SaidRow[]): Promise<Map<string, FileLinks>> {
    const sent = said.flatMap(({ messages }) => messages.flatMap(filesOf));
    return new Map(
      await Promise.all(sent.map(async (file) => [file.id, await this.files.links(tenant, file)] as const)),
    );
  }
}

type SentFile = Parameters<FilesService['links']>[1];

function filesOf({ parts, createdAt }: MessageRow): SentFile[] {
  const at = new Date(createdAt);
  return (parts ?? []).flatMap(({ fileId, mimeType, size = 0 }) =>
    fileId === undefined
      ? []
      : [{ id: fileId, ownerId: null, mimeType, name: null, size, uploadedAt: at, createdAt: at, expiresAt: null }],
  );
}

import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config.js';
import { DocumentsRepository } from './documents.repository.js';

/** Where the operator has set another model that makes vectors, documents get them of that one. */
@Injectable()
export class InstallationModel implements OnApplicationBootstrap {
  constructor(
    private readonly documents: DocumentsRepository,
    @Inject(Config) private readonly config: Pick<Config, 'ai'>,
  ) {}

  onApplicationBootstrap(): void {
    const { baseUrl, embeddingModel } = this.config.ai;
    if (baseUrl !== undefined && embeddingModel !== undefined) {
      this.documents
        .embedByInstallation(embeddingModel)
        .catch((error: unknown) => new Logger('Ai').warn(`No vectors were made: ${(error as Error).message}`));
    }
  }
}

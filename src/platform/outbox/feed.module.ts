import { Module } from '@nestjs/common';
import { FeedRepository } from './feed.repository.js';
import { Feed } from './feed.js';
import { PresencesRepository } from '../../dialects/pusher/presences.repository.js';

/** What a process hears of changes, and who is present where, whoever holds the sockets. */
@Module({
  providers: [Feed, FeedRepository, PresencesRepository],
  exports: [Feed, PresencesRepository],
})
export class FeedModule {}

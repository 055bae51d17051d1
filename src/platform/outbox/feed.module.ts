import { Module } from '@nestjs/common';
import { FeedRepository } from './feed.repository.js';
import { Feed } from './feed.js';

/** What a process hears of changes, whoever holds the sockets. */
@Module({
  providers: [Feed, FeedRepository],
  exports: [Feed],
})
export class FeedModule {}

import { Module } from '@nestjs/common';
import { CallerCache } from './caller-cache.js';

/** Of its own, because both keys and sessions are remembered in the one cache. */
@Module({ providers: [CallerCache], exports: [CallerCache] })
export class CallersModule {}

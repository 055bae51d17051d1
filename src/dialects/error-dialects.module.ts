import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ERROR_DIALECTS, type ErrorDialect } from '../platform/common/errors/error-dialect.js';
import type { Dialect } from './dialect.js';

/** How each dialect tells errors: for the filter, and for whoever keeps an answer that is one. */
@Global()
@Module({})
export class ErrorDialectsModule {
  static of(dialects: readonly Dialect[]): DynamicModule {
    return {
      module: ErrorDialectsModule,
      imports: dialects.map(({ module }) => module),
      providers: [
        {
          provide: ERROR_DIALECTS,
          inject: dialects.flatMap(({ errors }) => errors ?? []),
          useFactory: (...all: ErrorDialect[]) => all,
        },
      ],
      exports: [ERROR_DIALECTS],
    };
  }
}

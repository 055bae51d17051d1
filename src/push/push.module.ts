import { Module, type DynamicModule } from '@nestjs/common';
import { Destinations } from '../common/outbound/destinations.js';
import { DevicesController } from './devices.controller.js';
import { DevicesRepository } from './devices.repository.js';
import { DevicesService } from './devices.service.js';

@Module({})
export class PushModule {
  static with({ production }: { readonly production: boolean }): DynamicModule {
    return {
      module: PushModule,
      controllers: [DevicesController],
      providers: [
        DevicesService,
        DevicesRepository,
        { provide: Destinations, useFactory: () => new Destinations(production) },
      ],
      exports: [DevicesService],
    };
  }
}

import { Global, Module } from '@nestjs/common';
import { RatesOfClients } from '../platform/common/rate-limit/rates-of-clients.js';
import { RememberedRates } from './remembered-rates.js';

/** Of its own and for all, because the limits of the platform ask for them. */
@Global()
@Module({
  providers: [RememberedRates, { provide: RatesOfClients, useExisting: RememberedRates }],
  exports: [RememberedRates, RatesOfClients],
})
export class RatesModule {}

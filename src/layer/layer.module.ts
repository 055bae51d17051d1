import { Module, type DynamicModule } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { LayerErrors } from './http/layer-errors.js';
import { AdminIdentityKeysController } from './identities/admin-identity-keys.controller.js';
import { FollowingController } from './identities/following.controller.js';
import { IdentitiesController } from './identities/identities.controller.js';
import { IdentitiesRepository } from './identities/identities.repository.js';
import { IdentitiesService } from './identities/identities.service.js';
import { IdentityKeysRepository } from './identities/identity-keys.repository.js';
import { IdentityKeysService } from './identities/identity-keys.service.js';
import { IdentityTokensService } from './sessions/identity-tokens.service.js';
import { LayerCredentials } from './sessions/layer.credentials.js';
import { NoncesRepository } from './sessions/nonces.repository.js';
import { NoncesService } from './sessions/nonces.service.js';
import { RootController } from './sessions/root.controller.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsService } from './sessions/sessions.service.js';

/** What Layer's Client API was, spoken under `/layer`. */
@Module({})
export class LayerModule {
  /** @param clients the one module of clients, which has its settings */
  static with(clients: DynamicModule): DynamicModule {
    return {
      module: LayerModule,
      imports: [clients, CustomersModule],
      controllers: [
        ...[RootController, SessionsController],
        ...[AdminIdentityKeysController, IdentitiesController, FollowingController],
      ],
      providers: [
        ...[LayerErrors, LayerCredentials, NoncesService, NoncesRepository, IdentityTokensService, SessionsService],
        ...[IdentityKeysService, IdentityKeysRepository, IdentitiesService, IdentitiesRepository],
      ],
      exports: [LayerErrors, LayerCredentials],
    };
  }
}

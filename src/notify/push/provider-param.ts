import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { notFound } from '../../platform/common/errors/refusal.js';
import { PROVIDERS, type Provider } from './device.entity.js';

/** A provider in the path. */
export function ProviderParam(): ParameterDecorator {
  return (target, key, index) => {
    Param('provider', ProviderPipe)(target, key, index);
    const schema = { type: 'string' as const, enum: [...PROVIDERS] };
    const description = 'The push service.';
    ApiParam({ name: 'provider', description, schema })(target, key!, Object.getOwnPropertyDescriptor(target, key!)!);
  };
}

class ProviderPipe implements PipeTransform<string, Provider> {
  /** @throws Refusal 404 */
  transform(text: string): Provider {
    const provider = PROVIDERS.find((one) => one === text);
    if (!provider) {
      throw notFound('push_credential');
    }
    return provider;
  }
}

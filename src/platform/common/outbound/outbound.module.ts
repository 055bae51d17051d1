import { Module } from '@nestjs/common';
import { Config } from '../../../config.js';
import { askDns } from './names.js';
import { OutboundPolicy } from './outbound-policy.js';

@Module({
  providers: [
    {
      provide: OutboundPolicy,
      inject: [Config],
      useFactory: ({ production, dnsServers }: Config) => new OutboundPolicy(production, askDns(dnsServers)),
    },
  ],
  exports: [OutboundPolicy],
})
export class OutboundModule {}

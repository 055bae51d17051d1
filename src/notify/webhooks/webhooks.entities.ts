import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

export const webhooksEntities = [WebhookDelivery, WebhookEndpoint];

import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** What the decorators of all routes say. Each document shows a part of it. */
export type ScannedRoutes = Pick<OpenAPIObject, 'paths' | 'components'>;

/** Looks at all routes, which takes Nest a good part of a start: once, for all documents. */
export function scanRoutes(app: INestApplication): ScannedRoutes {
  const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').build();
  return SwaggerModule.createDocument(app, config, { operationIdFactory });
}

/** `AdminClientsController.create` → `adminClientsCreate`: the name of a method in generated clients, so it stays. */
function operationIdFactory(controller: string, method: string): string {
  const resource = controller.replace(/^(Layer|Sms|Engagement)|Controller$/g, '');
  return `${resource[0]!.toLowerCase()}${resource.slice(1)}${method[0]!.toUpperCase()}${method.slice(1)}`;
}

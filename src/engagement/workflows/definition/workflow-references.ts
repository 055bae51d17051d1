import { Injectable } from '@nestjs/common';
import { invalid } from '../../../platform/common/errors/refusal.js';
import { WorkflowsRepository } from '../workflows.repository.js';
import { parseRef, type ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { OutboundPolicy } from '../../../platform/common/outbound/outbound-policy.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { SegmentsService } from '../../segments/segments.service.js';
import { TagsService } from '../../tags/tags.service.js';
import type { Definition, Step, Trigger } from './definition.js';

/** What a definition names: tags, users and segments of the workspace, by their numbers, and addresses that may be dialled. */
@Injectable()
export class WorkflowReferences {
  constructor(
    private readonly tags: TagsService,
    private readonly segments: SegmentsService,
    private readonly workflows: WorkflowsRepository,
    private readonly outbound: OutboundPolicy,
  ) {}

  /** @throws Refusal 422 by path, where an address may not be dialled. Outside of transactions. */
  async checkUrls(tenant: Tenant, { steps }: Definition): Promise<void> {
    for (const [at, step] of steps.entries()) {
      if (step.type === 'webhook') {
        await this.outbound.check(tenant, step.url, `definition.steps.${at}.url`);
      }
    }
  }

  /** The same with numbers. @throws Refusal 422 by path, where something is not there */
  async resolve(tenant: Tenant, definition: Definition): Promise<Definition> {
    const { conditions } = definition;
    const steps: Step[] = [];
    for (const [at, step] of definition.steps.entries()) {
      steps.push(await this.stepOf(tenant, step, `definition.steps.${at}`));
    }
    return {
      ...definition,
      trigger: await this.triggerOf(tenant, definition.trigger),
      ...(conditions ? { conditions: await this.segments.numbered(tenant, conditions, 'definition.conditions') } : {}),
      steps,
    };
  }

  private async triggerOf(tenant: Tenant, trigger: Trigger): Promise<Trigger> {
    if ('tag_ids' in trigger && trigger.tag_ids) {
      const path = 'definition.trigger.tag_ids';
      const tags: number[] = [];
      for (const [at, one] of trigger.tag_ids.entries()) {
        tags.push(await this.tagOf(tenant, one, `${path}.${at}`));
      }
      return { ...trigger, tag_ids: [...new Set(tags)] };
    }
    if (trigger.type === 'schedule') {
      const segment = await this.workflows.findSegment(tenant, refIn(trigger.segment_id));
      return { ...trigger, segment_id: numberOf(segment, 'definition.trigger.segment_id') };
    }
    return trigger;
  }

  private async stepOf(tenant: Tenant, step: Step, path: string): Promise<Step> {
    switch (step.type) {
      case 'add_tag':
      case 'remove_tag':
        return { ...step, tag_id: await this.tagOf(tenant, step.tag_id, `${path}.tag_id`) };
      case 'assign':
        return step.user_id === null
          ? step
          : {
              ...step,
              user_id: numberOf(await this.workflows.findAssignable(tenant, refIn(step.user_id)), `${path}.user_id`),
            };
      case 'branch':
        return { ...step, if: await this.segments.numbered(tenant, step.if, `${path}.if`) };
      default:
        return step;
    }
  }

  private async tagOf(tenant: Tenant, given: number | string, path: string): Promise<number> {
    return numberOf((await this.tags.findMany(tenant, [refIn(given)]))[0], path);
  }
}

/** As the schema takes them: a number, its digits, or a UUID. */
function refIn(given: number | string): ObjectRef {
  return parseRef(null, String(given))!;
}

function numberOf(found: { readonly number: number } | null | undefined, path: string): number {
  if (!found) {
    throw invalid(path, `The selected ${path} is invalid.`);
  }
  return found.number;
}

import type { Filter } from '../../segments/filter.js';

export const TRIGGER_TYPES = [
  ...(['contact.created', 'contact.updated', 'contact.tagged', 'contact.untagged', 'contact.unsubscribed'] as const),
  ...(['conversation.created', 'conversation.closed', 'conversation.reopened', 'message.received'] as const),
  ...(['campaign.opened', 'campaign.clicked', 'schedule', 'webhook'] as const),
] as const;
export type TriggerType = (typeof TRIGGER_TYPES)[number];

/** As it is stored: what it names, by its number. */
export type Trigger =
  | { readonly type: 'contact.created' | 'contact.unsubscribed' | 'campaign.opened' | 'webhook' }
  | { readonly type: 'campaign.clicked'; readonly link?: string }
  | { readonly type: 'contact.updated'; readonly fields?: readonly string[] }
  | { readonly type: 'contact.tagged' | 'contact.untagged'; readonly tag_ids?: readonly number[] }
  | {
      readonly type: 'conversation.created' | 'conversation.closed' | 'conversation.reopened';
      readonly channels?: readonly string[];
    }
  | {
      readonly type: 'message.received';
      readonly channels?: readonly string[];
      readonly match?: { readonly keywords?: readonly string[]; readonly regex?: string };
    }
  | { readonly type: 'schedule'; readonly cron: string; readonly timezone: string; readonly segment_id: number };

interface Named {
  readonly id: string;
  readonly next?: string;
}

export type TextStep = Named &
  (
    | { readonly type: 'send_reply' | 'send_sms' | 'note'; readonly body: string }
    | { readonly type: 'send_email'; readonly subject: string; readonly body: string }
  );
export type TagStep = Named & { readonly type: 'add_tag' | 'remove_tag'; readonly tag_id: number };
export type FieldStep = Named & {
  readonly type: 'set_field';
  readonly field: string;
  readonly value: string | number | boolean | null;
};
export type AssignStep = Named & { readonly type: 'assign'; readonly user_id: number | null };
export type StatusStep = Named &
  (
    | { readonly type: 'set_status'; readonly status: 'open' | 'pending' | 'closed' | 'spam' }
    | { readonly type: 'close' }
  );
export type WaitStep = Named & {
  readonly type: 'wait';
  readonly for: string;
  readonly until?: 'contact_replied';
  /** Where it goes where that came first. */
  readonly then?: string;
};
export type BranchStep = Omit<Named, 'next'> & {
  readonly type: 'branch';
  readonly if: Filter;
  readonly then: string;
  readonly else?: string;
};
export type WebhookStep = Named & { readonly type: 'webhook'; readonly url: string };
export type AiStep = Named & { readonly type: 'ai_reply'; readonly mode?: 'note' | 'send' };

export type Step =
  TextStep | TagStep | FieldStep | AssignStep | StatusStep | WaitStep | BranchStep | WebhookStep | AiStep;
export type StepType = Step['type'];

/** What a step leads to when there is nothing more to do. */
export const END = 'end';

export interface Definition {
  readonly trigger: Trigger;
  readonly conditions?: Filter;
  /** `once`, `always` (not while one runs for the contact), or `after:` and a duration. */
  readonly reentry?: string;
  readonly steps: readonly Step[];
}

/** The step of this id; null at the end. */
export function stepOf({ steps }: Definition, id: string): Step | null {
  return steps.find((step) => step.id === id) ?? null;
}

/** What comes after a step that says nothing else; `end` behind the last. */
export function afterStep({ steps }: Definition, step: Step, next = 'next' in step ? step.next : undefined): string {
  return next ?? steps[steps.indexOf(step) + 1]?.id ?? END;
}

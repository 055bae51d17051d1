import { htmlOf } from '../../../delivery/email/composing/compose-mail.js';
import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import { textOfHtml } from '../../../platform/common/html/text-of-html.js';
import { CAMPAIGN_NAMES } from '../../templates/known-names.js';
import { ENCODED, faultIn, Template } from '../../templates/template.js';
import { ContentFault } from './content-fault.js';
import { readHtml } from './read-html.js';

/** What a campaign says, as it was written; null: nothing yet. */
export interface Content {
  readonly subject: string | null;
  readonly previewText: string | null;
  readonly html: string | null;
  readonly text: string | null;
}

/** What is looked at of its readers. */
export interface Tracking {
  readonly tracksOpens: boolean;
  readonly tracksClicks: boolean;
}

/** What it says once it is sent: templates, for MailTexts. */
export interface FrozenContent {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Where its links lead, from number 1. */
  readonly links: readonly string[];
}

const FIELDS = { subject: 'subject', previewText: 'preview_text', html: 'html_body', text: 'text_body' } as const;
const UNTRACKED = { tracksOpens: false, tracksClicks: false };
const HTML_FOOTER =
  '<p style="font-size:12px;color:#666666;text-align:center">{{workspace.name}} · <a href="{{unsubscribe_url}}">Unsubscribe</a></p>';
const TEXT_FOOTER = '\n\n-- \n{{workspace.name}}\nUnsubscribe: {{unsubscribe_url}}\n';
const PIXEL = '<img src="{{pixel_url}}" width="1" height="1" alt="" />';

/** @throws InvalidInput 422 on each field that is wrong, saying where */
export function checkContent(content: Content): void {
  const errors: Record<string, string[]> = {};
  for (const [part, name] of Object.entries(FIELDS)) {
    const source = content[part as keyof Content];
    const says = source === null ? null : (faultIn(source, CAMPAIGN_NAMES) ?? faultOnceMade(part, source));
    if (says !== null) {
      errors[name] = [`The ${name} field ${says}`];
    }
  }
  if (Object.keys(errors).length > 0) {
    throw new InvalidInput(errors);
  }
}

/** What is wrong with what is made of a part, be it without a fault itself. */
function faultOnceMade(part: string, source: string): string | null {
  if (part !== 'html' && part !== 'text') {
    return null;
  }
  try {
    const { html } = readHtml(part === 'html' ? source : htmlOf(source), UNTRACKED);
    const says = faultIn(html, (name) => name.startsWith(ENCODED) || CAMPAIGN_NAMES(name));
    return says && `${says.replace(/\.$/, '')} once scripts and the like are left out.`;
  } catch (error) {
    if (error instanceof ContentFault) {
      return error.says;
    }
    throw error;
  }
}

/** Of a content without a fault; `numbers` are those of the links of others beside it. What it lacks is made of the rest, and each part says how to unsubscribe. */
export function freezeContent(
  { subject, previewText, html, text }: Content,
  tracking: Tracking,
  numbers?: Map<string, number>,
): FrozenContent {
  const written = html ?? htmlOf(text ?? '');
  const { html: body, links } = readHtml(written, tracking, numbers);
  const words = text ?? textOfHtml(readHtml(written, UNTRACKED).html);
  const page = [preheaderOf(previewText), body, says(body) ? '' : HTML_FOOTER, tracking.tracksOpens ? PIXEL : ''].join(
    '',
  );
  return {
    subject: subject ?? '',
    html: `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head><body>${page}</body></html>`,
    text: says(words) ? words : words + TEXT_FOOTER,
    links,
  };
}

/** Whether every reader of it is told: not where that hangs on a condition. */
function says(source: string): boolean {
  return Template.trusted(source).alwaysSays('unsubscribe_url');
}

/** What a list of mails shows behind the subject, and nobody sees in the mail. */
function preheaderOf(previewText: string | null): string {
  return previewText === null
    ? ''
    : `<div style="display:none;max-height:0;overflow:hidden">${htmlOf(previewText)}</div>`;
}

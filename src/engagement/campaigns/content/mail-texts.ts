import { Template, type Values } from '../../templates/template.js';
import type { FrozenContent } from './content.js';

/** The addresses that are one recipient's. */
export interface MailUrls {
  readonly unsubscribe: string;
  readonly open: string;
  click(link: number): string;
}

/** What a campaign says to each of its recipients. */
export class MailTexts {
  private readonly subject: Template;
  private readonly html: Template;
  private readonly text: Template;
  private readonly links: readonly number[];

  constructor({ subject, html, text }: Pick<FrozenContent, 'subject' | 'html' | 'text'>) {
    [this.subject, this.html, this.text] = [Template.trusted(subject), Template.trusted(html), Template.trusted(text)];
    this.links = [...new Set([...html.matchAll(/\{\{link\.(\d+)\}\}/g)].map(([, number]) => Number(number)))];
  }

  /** @throws TemplateFault where it becomes too long */
  compose(known: Values, urls: MailUrls): { readonly subject: string; readonly html: string; readonly text: string } {
    const values = new Map([...known, ['unsubscribe_url', urls.unsubscribe], ['pixel_url', urls.open]]);
    for (const link of this.links) {
      values.set(`link.${link}`, urls.click(link));
    }
    return {
      subject: this.subject.render(values, 'line'),
      html: this.html.render(values, 'html'),
      text: this.text.render(values, 'text'),
    };
  }
}

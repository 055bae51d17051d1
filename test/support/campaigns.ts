import type { TestCaller, TestTeam } from './engagement.js';
import { accepted } from './given.js';
import type { MailServer } from './mail-server.js';
import { until } from './until.js';

export const SENDER = 'news@shop.example';
const LOGIN = { username: SENDER, password: 'correct horse' };

/** As it is shown. */
export interface ShownCampaign extends Record<string, unknown> {
  readonly id: number;
  readonly uuid: string;
  readonly status: string;
}

/** A team that sends mails by `mails`. */
export class CampaignShop {
  constructor(
    readonly team: TestTeam,
    readonly mails: MailServer,
  ) {}

  get owner(): TestCaller {
    return this.team.owner;
  }

  /** Starts the mail server too. @returns how mails come in */
  async open(ratePerMinute = 6_000): Promise<{ readonly address: string; readonly url: string }> {
    const { port } = new URL(await this.mails.start());
    this.mails.allow(LOGIN);
    const smtp = { host: '127.0.0.1', port: Number(port), secure: false, ...LOGIN };
    const body = { email: SENDER, from_name: 'Shop', smtp, rate_per_minute: ratePerMinute };
    const { inbound } = accepted(await this.owner.send('POST', '/email-accounts', body)).body.data;
    return inbound as { address: string; url: string };
  }

  async draft(fields: object = {}): Promise<ShownCampaign> {
    const body = {
      ...{ name: 'April Promo', subject: 'Hello {{first_name|there}}!', html_body: '<p>Hi {{first_name|there}}</p>' },
      ...{ audience_type: 'all', tracking: { opens: false, clicks: false }, ...fields },
    };
    return accepted(await this.owner.send('POST', '/campaigns', body)).body.data as ShownCampaign;
  }

  async post(id: number, what: string, body: object = {}): Promise<ShownCampaign> {
    return accepted(await this.owner.send('POST', `/campaigns/${id}/${what}`, body)).body.data as ShownCampaign;
  }

  async get(id: number): Promise<ShownCampaign> {
    return accepted(await this.owner.send('GET', `/campaigns/${id}`)).body.data as ShownCampaign;
  }

  becomes(id: number, status: string, seconds = 60): Promise<ShownCampaign> {
    return until(async () => {
      const campaign = await this.get(id);
      return campaign.status === status ? campaign : null;
    }, seconds);
  }

  async recipients(id: number, query = ''): Promise<Record<string, unknown>[]> {
    const path = `/campaigns/${id}/recipients?per_page=100&sort_dir=asc${query}`;
    return accepted(await this.owner.send('GET', path)).body.data as Record<string, unknown>[];
  }
}

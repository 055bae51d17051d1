import { measureCampaign, WITH_MAILS } from './campaigns.mjs';
import { atLeast, atMost, whole as rounded } from './report.mjs';

/** Contacts that a campaign is prepared for, and how many of them are sent to. */
const RECIPIENTS = Number(process.env.BENCH_RECIPIENTS || 100_000);
const MAILS = 2_000;

export const CAMPAIGN_PARTS = {
  campaigns: async (world, seconds) => {
    const client = await world.createClient();
    const found = await world.instead(WITH_MAILS, client, () =>
      measureCampaign(world, client, { contacts: RECIPIENTS, mails: MAILS, seconds }),
    );
    const perSecond = (count, millis) => rounded((count / millis) * 1_000);
    return {
      lines: [
        `Recipients of a campaign prepared: ${perSecond(RECIPIENTS, found.prepared)} a second; one INSERT … SELECT: ${perSecond(RECIPIENTS, found.inserted)}. Mails to a local server: ${perSecond(MAILS, found.sent)} a second; nodemailer's pool of 5: ${perSecond(MAILS, found.bare)}. Pixels: ${rounded(found.pixel.perSecond)} a second; their statement from plain pg: ${rounded(found.plain.perSecond)}.`,
      ],
      targets: [
        atLeast('preparing recipients, of one INSERT … SELECT', 0.5, found.inserted / found.prepared),
        atLeast("sending a campaign, of nodemailer's pool", 0.4, found.bare / found.sent),
        atLeast('a pixel, of its statement', 0.4, found.pixel.perSecond / found.plain.perSecond),
        atMost('mails of a campaign that came twice', 0, found.doubled, 0),
      ],
    };
  },
};

import webhooks from 'twilio/lib/webhooks/webhooks.js';

/** What is posted, and the headers with Twilio's own signature. */
export function signedForm(authToken: string, url: string, params: Readonly<Record<string, string | string[]>>) {
  const text = new URLSearchParams(
    Object.entries(params).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
  ).toString();
  const signature = webhooks.getExpectedTwilioSignature(authToken, url, params as Record<string, string>);
  return {
    text,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'x-twilio-signature': signature },
  };
}

/** Whether a template may say this. */
export type KnownNames = (name: string) => boolean;

const OF_CONTACTS: ReadonlySet<string> = new Set([
  ...['first_name', 'last_name', 'name', 'email', 'phone', 'company', 'job_title', 'city', 'country'],
]);
const CUSTOM = /^custom\../;

const isOfContact: KnownNames = (name) => {
  const plain = name.replace(/^contact\./, '');
  return OF_CONTACTS.has(plain) || CUSTOM.test(plain);
};

/** In campaigns. */
export const CAMPAIGN_NAMES: KnownNames = (name) =>
  name === 'workspace.name' || name === 'unsubscribe_url' || isOfContact(name);

/** In what the team says in conversations. */
export const REPLY_NAMES: KnownNames = (name) =>
  name === 'workspace.name' || name === 'agent.name' || isOfContact(name);

/** In what workflows say: whatever the trigger had to tell, too. */
export const WORKFLOW_NAMES: KnownNames = (name) =>
  name === 'workspace.name' || name.startsWith('trigger.') || isOfContact(name);

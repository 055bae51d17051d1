import { SCOPE_TABLE } from '../tenancy/scopes.js';
import { QUICKSTART } from './quickstart.js';

/** What stands at the head of the document: what is true of every operation, and a way in. */
export const DESCRIPTION = `
A multi-tenant messaging API. Your servers send three headers with every request: a secret key
(\`Authorization: Bearer sk_…\`), your public key (\`X-Public-Key: pk_…\`) and an \`Origin\` in your domain
(\`Origin: https://example.com\`). A missing \`Origin\` is answered with 401, unless the \`Host\` is in your domain or the
operator has set your \`origin_policy\` to \`if_present\`; a wrong one always is. Never put a secret key in a browser or an app:
give it the token of a customer session (\`Authorization: Bearer cst_…\`), which needs neither public key nor \`Origin\`.
Users of a workspace may send the token of their session and the id of the workspace instead (\`Authorization: Bearer ust_…\`,
\`X-Workspace-Id: clt_…\`); their role says what they may do.

Times are in Unix seconds. Ids are [TypeIDs](https://github.com/jetify-com/typeid); bare UUIDs are accepted too.
Requests call an id \`channel_uuid\`, \`sender_uuid\` or \`customer_uuids\`, answers call the same id \`channel_id\`,
\`sender_id\` or \`id\`; the value is the same.
Lists have pages, by \`limit\`, \`order\` and \`starting_after\` or \`ending_before\`. A POST with an \`Idempotency-Key\` takes effect at
most once.

## Quickstart

${QUICKSTART}

## Scopes

A secret key has scopes. Each operation says which one it needs; \`*\` means all of them. A key that may write but not read
gets empty fields in place of what was stored before.

${SCOPE_TABLE}
`.trim();

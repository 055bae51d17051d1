import { SCOPE_TABLE } from '../tenancy/scopes.js';
import { QUICKSTART } from './quickstart.js';

/** What stands at the head of the document: what is true of every operation, and a way in. */
export const DESCRIPTION = `
A multi-tenant messaging API. Every request carries a secret key (\`Authorization: Bearer sk_…\`), the client's public
key (\`X-Public-Key: pk_…\`) and an \`Origin\` that is one of the client's (\`Origin: https://example.com\`), from a server
too: without it the answer is 401, unless the \`Host\` is the client's or the operator has set the client's
\`origin_policy\` to \`if_present\`. A browser or an app must never hold a secret key: give it the token of a customer's
session (\`Authorization: Bearer cst_…\`), which needs neither public key nor \`Origin\`. A wrong \`Origin\` is always 401.

Times are Unix seconds, ids are [TypeIDs](https://github.com/jetify-com/typeid) and may be given as bare UUIDs too.
Requests call an id \`channel_uuid\`, \`sender_uuid\` or \`customer_uuids\`, answers call the same id \`channel_id\`,
\`sender_id\` or \`id\`: what an answer showed can be sent back as it is.
Lists page with \`limit\`, \`order\`, and \`starting_after\` or \`ending_before\`. A POST with an \`Idempotency-Key\` happens at most once.

## Quickstart

${QUICKSTART}

## Scopes

A secret key has scopes. Each operation says which one it needs; \`*\` is all of them. A key that may write and not read is
not shown what was stored before: an answer leaves it empty.

${SCOPE_TABLE}
`.trim();

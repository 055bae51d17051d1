import { expect, it } from '@jest/globals';
import { makeContact, makeTag, refused } from '../../support/contacts.js';
import { fullDay } from '../../support/day.js';
import { givenTeams } from '../../support/engagement.js';
import { accepted } from '../../support/given.js';
import { useServer } from '../../support/server.js';

const server = useServer();
const given = givenTeams(() => server);

it('An export is a table of who the filters find, for those who may', async () => {
  await fullDay();
  const other = await given.team();
  const [key, viewer] = [await other.key(), await other.member('viewer')];
  const tag = await makeTag(key, 'a;b');
  const fields = { last_name: 'Schmidt', phone: '+49 30 1234', country: 'DE', tag_ids: [tag.id] };
  const one = await makeContact(key, fields);
  await makeContact(key, { first_name: '=HYPERLINK("http://evil")', company: '@SUM', city: '-1' });
  const reply = accepted(await key.send('GET', '/contacts/export?country=de'));
  expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const day = new Date().toISOString().slice(0, 10);
  expect(reply.headers.get('content-disposition')).toBe(`attachment; filename="contacts-export-${day}.csv"`);
  const head =
    'First Name,Last Name,Email,Phone,Company,Job Title,City,Country,Timezone,Lead Score,Status,Tags,Created At';
  expect(reply.text).toBe(
    `${head}\nAnna,Schmidt,${one.email},+49 30 1234,,,,DE,,0,active,"""a;b""",${one.created_at}\n`,
  );
  const marked = await fetch(`${server.url}/api/v1/contacts/export?bom=1`, {
    headers: { authorization: `Bearer ${key.token}` },
  });
  expect([...new Uint8Array(await marked.arrayBuffer()).subarray(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 'F'.charCodeAt(0)]);
  const csv = accepted(await key.send('GET', '/contacts/export?search=hyperlink')).text;
  expect(csv).toContain(`"'=HYPERLINK(""http://evil"")",,`);
  expect(csv).toContain(`,'@SUM,,-1,`);
  expect(await key.send('GET', '/contacts/export?tag_id=999')).toEqual(refused('tag_id'));
  expect(await key.send('GET', '/contacts/export?page=1')).toEqual(refused('page'));
  expect((await viewer.send('GET', '/contacts/export')).status).toBe(403);
});

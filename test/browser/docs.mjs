const dialogOf = (page) => page.locator('.dialog-ux .modal-ux');
const formOf = (page, scheme) =>
  dialogOf(page)
    .locator('.auth-container')
    .filter({ has: page.locator('h4', { hasText: scheme }) });

/** Opens the dialog, does something in it, and closes it. */
async function inDialog(page, act) {
  await page.locator('.auth-wrapper button.authorize').first().click();
  await act();
  await dialogOf(page).locator('button.btn-done').first().click();
  await dialogOf(page).waitFor({ state: 'detached' });
}

const authorise = (page, keys) =>
  inDialog(page, async () => {
    for (const [scheme, key] of Object.entries(keys)) {
      const form = formOf(page, scheme);
      await form.locator('input').fill(key);
      await form.getByRole('button', { name: 'Apply credentials' }).click();
      await form.getByRole('button', { name: 'Remove authorization' }).waitFor();
    }
  });

/** The operations of a tag, as they are listed. */
async function listed(page, tag) {
  const section = page.locator('.opblock-tag-section').filter({ has: page.locator(`[data-tag="${tag}"]`) });
  const [methods, paths] = await Promise.all([
    section.locator('.opblock-summary-method').allInnerTexts(),
    section.locator('[data-path]').evaluateAll((all) => all.map((one) => one.dataset.path)),
  ]);
  return methods.map((method, index) => `${method} ${paths[index]}`);
}

/** Opens one operation, executes it with `body` or with its example, and reads what Swagger UI shows. */
async function tryOut(page, method, path, body) {
  const operation = page.locator(`.opblock-${method}`).filter({ has: page.locator(`[data-path="${path}"]`) });
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.try-out__btn').click();
  if (body !== undefined) {
    await operation.locator('textarea.body-param__text').fill(JSON.stringify(body, null, 2));
  }
  await operation.locator('button.execute').click();
  const live = operation.locator('.live-responses-table .response');
  await live.scrollIntoViewIfNeeded();
  return {
    status: Number.parseInt(await live.locator('.response-col_status').innerText(), 10),
    text: await live.locator('.response-col_description').innerText(),
  };
}

/** Swagger UI as an integrator meets it. */
export function docs(server, page) {
  const email = `browser-${process.pid}@example.com`;
  return [
    [
      'the address of the server leads to the page, which lists the operations',
      async () => {
        await page.goto(server.origin);
        await page.getByRole('link', { name: 'API reference' }).click();
        await page.locator('.opblock').first().waitFor();
      },
    ],
    [
      'operations are created, listed, read, changed and deleted, in this order',
      async () => {
        const order = [
          'POST ',
          'GET ',
          'GET /active',
          'GET /active-for-sender',
          'GET /{id}',
          'PATCH /{id}',
          'DELETE /{id}',
        ];
        const wanted = order.map((one) => one.replace(' ', ' /api/v1/customers')).join();
        const found = (await listed(page, 'customers')).slice(0, order.length).join();
        if (found !== wanted) {
          throw new Error(`${found} is not ${wanted}`);
        }
      },
    ],
    [
      'the keys of the demo client are filled in: GET /api/v1/customers answers 200',
      async () => expect(await tryOut(page, 'get', '/api/v1/customers'), 200, '"total_count"'),
    ],
    [
      'the dialog opens at the secret key, whose place others can take',
      async () => {
        await inDialog(page, async () => {
          const removal = formOf(page, 'secret_key').getByRole('button', { name: 'Remove authorization' });
          await removal.and(page.locator(':focus')).waitFor();
          for (const scheme of ['secret_key', 'public_key']) {
            await formOf(page, scheme).getByRole('button', { name: 'Remove authorization' }).click();
          }
        });
        await inDialog(page, () => formOf(page, 'secret_key').locator('input:focus').waitFor());
        await authorise(page, { secret_key: server.secretKey, public_key: server.publicKey });
      },
    ],
    [
      'what is filled in survives a reload',
      async () => {
        await authorise(page, { admin_key: 'of-the-operator' });
        // Without the operation in its fragment, at which it would open.
        await page.goto(`${server.origin}/docs`);
        await page.locator('.opblock').first().waitFor();
        await inDialog(page, async () => {
          for (const scheme of ['secret_key', 'public_key', 'admin_key']) {
            await formOf(page, scheme).getByRole('button', { name: 'Remove authorization' }).waitFor();
          }
        });
      },
    ],
    [
      'POST /api/v1/customers answers 201',
      async () => expect(await tryOut(page, 'post', '/api/v1/customers', { name: 'Ada Browser', email }), 201, email),
    ],
    [
      'GET /api/v1/customers answers 200 and lists the new customer',
      async () => expect(await tryOut(page, 'get', '/api/v1/customers'), 200, email),
    ],
    [
      'the Layer dialect can be chosen, and is where its errors lead',
      async () => {
        const answer = await fetch(`${server.origin}/layer/nowhere`);
        await page.goto((await answer.json()).url);
        await page.locator('[data-path="/layer/nonces"]').waitFor();
        await page.locator('#select').selectOption({ label: 'Parlance' });
        await page.locator('[data-path="/api/v1/customers"]').first().waitFor();
      },
    ],
  ];
}

function expect(answer, status, text) {
  if (answer.status !== status || !answer.text.includes(text)) {
    throw new Error(`Expected ${status} with "${text}", not ${answer.status}:\n${answer.text}`);
  }
}

async function authorise(page, keys) {
  await page.locator('.auth-wrapper button.authorize').first().click();
  const dialog = page.locator('.dialog-ux .modal-ux');
  for (const [scheme, key] of Object.entries(keys)) {
    const form = dialog.locator('.auth-container').filter({ has: page.locator('h4', { hasText: scheme }) });
    await form.locator('input').fill(key);
    await form.getByRole('button', { name: 'Apply credentials' }).click();
    await form.getByRole('button', { name: 'Remove authorization' }).waitFor();
  }
  await dialog.locator('button.btn-done').first().click();
  await dialog.waitFor({ state: 'detached' });
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

/** Swagger UI as an integrator meets it: the demo client's keys, and a first request. */
export function docs(server, page) {
  const email = `browser-${process.pid}@example.com`;
  return [
    [
      'the page opens and lists the operations',
      async () => {
        await page.goto(`${server.origin}/docs`);
        await page.locator('.opblock').first().waitFor();
      },
    ],
    [
      'both keys are accepted by the dialog',
      () => authorise(page, { secret_key: server.secretKey, public_key: server.publicKey }),
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

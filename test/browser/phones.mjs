/** Two numbers of the simulator in one page, texting. */
export function phones(server, page) {
  const side = (name) => page.locator(`#${name}`);
  const text = (name, content) => side(name).locator('.messages li', { hasText: content });
  const say = async (name, content) => {
    await side(name).locator('input').fill(content);
    await side(name).locator('button').click();
  };
  return [
    [
      'the phones open, and are connected',
      async () => {
        await page.goto(`${server.origin}/demo/phones`);
        await page.locator('#state', { hasText: 'connected' }).waitFor();
      },
    ],
    [
      'a text is shown with its status until it is delivered, and then on the phone',
      async () => {
        await say('workspace', 'Your code is 4711.');
        await side('workspace').locator('.messages li.mine[data-status="delivered"]', { hasText: '4711' }).waitFor();
        await text('phone', '4711').waitFor();
      },
    ],
    [
      'the phone answers, and each text is shown once on each side',
      async () => {
        await say('phone', 'Thank you!');
        await text('workspace', 'Thank you!').waitFor();
        const shown = await page.locator('.messages li', { hasText: 'Thank you!' }).count();
        if (shown !== 2) {
          throw new Error(`Shown ${shown} times, not once on each side.`);
        }
      },
    ],
    [
      'STOP is obeyed: the workspace sees it, and can send no more until START',
      async () => {
        await say('phone', 'STOP');
        await side('workspace').getByText('+14155552671 has opted out').waitFor();
        await side('workspace').locator('button:disabled').waitFor();
        await say('phone', 'START');
        await side('workspace').locator('button:enabled').waitFor();
        await say('phone', 'STOP');
        await side('workspace').locator('button:disabled').waitFor();
      },
    ],
    [
      'all of it is there after the page is opened anew',
      async () => {
        const texts = side('phone').locator('.messages li', { hasText: 'You have been unsubscribed' });
        await texts.nth(1).waitFor();
        await page.reload();
        await text('phone', 'Thank you!').waitFor();
        await texts.nth(1).waitFor();
        await side('workspace').locator('button:disabled').waitFor();
      },
    ],
  ];
}

/** The demo page as whoever has just started a server meets it: two customers in one page, talking. */
export function demo(server, page) {
  const side = (name) => page.locator(`.side[data-customer="${name}"]`);
  const says = (name, content) => side(name).locator('.messages li', { hasText: content });
  const say = async (name, content) => {
    await side(name).locator('input').fill(content);
    await side(name).locator('button').click();
  };
  return [
    [
      'the demo opens, and each sees that the other is there',
      async () => {
        await page.goto(`${server.origin}/demo`);
        await side('Ada').getByText('Grace is here').waitFor();
        await side('Grace').getByText('Ada is here').waitFor();
      },
    ],
    [
      'typing is seen on the other side, and ends',
      async () => {
        await side('Ada').locator('input').pressSequentially('Hel');
        await side('Grace').getByText('Ada is typing…').waitFor();
        await side('Grace').getByText('Ada is typing…').waitFor({ state: 'detached' });
      },
    ],
    [
      'a message arrives, is unread, is read, and its sender sees that',
      async () => {
        await say('Ada', 'Hello, Grace!');
        await says('Grace', 'Hello, Grace!').waitFor();
        await side('Grace').locator('.badge', { hasText: '1' }).waitFor();
        await side('Grace').locator('input').focus();
        await side('Grace').locator('.badge').waitFor({ state: 'hidden' });
        await side('Ada').locator('.messages li.mine.read', { hasText: 'Hello, Grace!' }).waitFor();
      },
    ],
    [
      'an answer arrives, once',
      async () => {
        await say('Grace', 'Hello, Ada!');
        await says('Ada', 'Hello, Ada!').waitFor();
        const shown = await page.locator('.messages li', { hasText: 'Hello, Ada!' }).count();
        if (shown !== 2) {
          throw new Error(`Shown ${shown} times, not once on each side.`);
        }
      },
    ],
  ];
}

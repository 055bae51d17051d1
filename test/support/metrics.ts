/** What `GET /metrics` says: each line that is a value, by its name and labels. */
export async function metricsAt(port: number): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  if (answer.status !== 200 || !answer.headers.get('content-type')!.startsWith('text/plain')) {
    throw new Error(`${answer.status} ${answer.headers.get('content-type')}`);
  }
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

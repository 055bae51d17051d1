/** A file as a carrier got it. */
export interface FetchedMedia {
  readonly contentType: string | null;
  readonly bytes: Buffer;
}

/** Fetches files as carriers do: it asks what they are, and then for all of it, without a key. @throws Error where it can't */
export async function fetchMedia(urls: readonly string[], reach: (url: string) => string): Promise<FetchedMedia[]> {
  return Promise.all(
    urls.map(async (url) => {
      const head = await fetch(reach(url), { method: 'HEAD' });
      const got = await fetch(reach(url));
      const bytes = Buffer.from(await got.arrayBuffer());
      const contentType = got.headers.get('content-type');
      if (!head.ok || !got.ok || Number(head.headers.get('content-length')) !== bytes.length) {
        throw new Error(`A carrier could not fetch ${url}: ${head.status}, ${got.status}`);
      }
      return { contentType, bytes };
    }),
  );
}

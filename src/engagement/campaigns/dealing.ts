/** Per cent. */
const WHOLE = 100;

export interface Share {
  readonly letter: string;
  readonly share: number;
}

/**
 * Who gets what of a hundred, in their order; null: nothing yet. Each turn is that of whoever's next one is due first, of those
 * whose turn has come: so after any number of turns each has had its share of them, to within one (the "chairman assignment" of
 * R. Tijdeman). Whoever has no share has no turn.
 */
export function dealing(shares: readonly Share[]): (string | null)[] {
  const rest = WHOLE - shares.reduce((sum, { share }) => sum + share, 0);
  const all = [
    ...shares.map(({ letter, share }) => ({ letter, share, had: 0 })),
    { letter: null, share: rest, had: 0 },
  ];
  const sharing = all.filter(({ share }) => share > 0);
  const widest = 2 * sharing.length - 2;
  return Array.from({ length: WHOLE }, (_, turn) => {
    // Tijdeman: those with share * turn - had >= 1/(2n-2) behind; of them whose quota of one more is full first.
    const ready = sharing.filter(
      ({ share, had }) => ((turn + 1) * share) / WHOLE - had >= (widest > 0 ? 1 / widest : 0),
    );
    const next = ready.reduce((first, one) =>
      (one.had + 1 - 1 / widest) / one.share < (first.had + 1 - 1 / widest) / first.share ? one : first,
    );
    next.had += 1;
    return next.letter;
  });
}

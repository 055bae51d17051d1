/**
 * About how many tokens a text is, rather too many than too few: each model counts in its own way. Plain letters come to four
 * in a token, others to less than one.
 */
export function tokensIn(text: string): number {
  const others = text.replace(/[ -~\s]/g, '').length;
  return Math.ceil((text.length - others) / 3 + others * 1.5);
}

/** As much of the beginning as is at most so many tokens. */
export function cutToTokens(text: string, most: number): string {
  if (tokensIn(text) <= most) {
    return text;
  }
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (tokensIn(text.slice(0, middle)) <= most) {
      fits = middle;
    } else {
      tooLong = middle;
    }
  }
  return text.slice(0, fits).replace(/[\ud800-\udbff]$/, '');
}

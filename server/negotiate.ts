/** Which of several media types a client would rather have (RFC 9110, section 12.5.1). */

/**
 * The best of the offers by the Accept header; the first of them where there is no header, where several are as good, or where
 * none is wanted: an answer of another type tells more than a refusal. Parameters other than `q` are not looked at.
 */
export function preferred<T extends string>(accept: string | undefined, offers: readonly [T, ...T[]]): T {
  const ranges = (accept ?? '').split(',').flatMap((part) => {
    const [range = '', ...parameters] = part.split(';').map((p) => p.trim().toLowerCase());
    const weight = Number(parameters.find((p) => p.startsWith('q='))?.slice(2) ?? 1);
    return range.includes('/') ? [{ range, weight: weight >= 0 && weight <= 1 ? weight : 0 }] : [];
  });
  const weightOf = (offer: string): number => {
    // the most specific range that covers the offer decides
    for (const wanted of [offer, `${offer.split('/')[0]}/*`, '*/*']) {
      const found = ranges.find(({ range }) => range === wanted);
      if (found) return found.weight;
    }
    return 0;
  };
  return offers.reduce((best, offer) => (weightOf(offer) > weightOf(best) ? offer : best));
}

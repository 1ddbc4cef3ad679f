/** Which of several media types or languages a client would rather have (RFC 9110, section 12.5). */
import type { FastifyReply } from 'fastify';

/**
 * The best of the offers by the Accept header; the first of them where there is no header, where several are as good, or where
 * none is wanted: an answer of another type tells more than a refusal. Parameters other than `q` are not looked at.
 */
export function preferred<T extends string>(accept: string | undefined, offers: readonly [T, ...T[]]): T {
  const ranges = rangesOf(accept).filter(({ range }) => range.includes('/'));
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

/**
 * The best of the offered languages by the Accept-Language header, by lookup (RFC 4647, section 3.4): fr-CA is served by fr, and zh-TW by
 * zh. Of several that are as welcome the one named first; the first offer where there is no header or none is wanted. `*` stands for those
 * that are not named.
 */
export function preferredLanguage<T extends string>(accept: string | undefined, offers: readonly [T, ...T[]]): T {
  const ranges = rangesOf(accept).map(({ range, weight }) => ({ language: range.split('-')[0] ?? '', weight }));
  const named = new Set(ranges.map(({ language }) => language));
  for (const { language, weight } of ranges.toSorted((a, b) => b.weight - a.weight)) {
    if (weight === 0) break;
    const found = offers.find((offer) => (language === '*' ? !named.has(offer) : language === offer));
    if (found !== undefined) return found;
  }
  return offers[0];
}

function rangesOf(accept: string | undefined): { range: string; weight: number }[] {
  return (accept ?? '').split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((p) => p.trim().toLowerCase());
    const q = parameters.find((p) => p.startsWith('q='))?.slice(2) ?? '1';
    // decimals alone (RFC 9110, section 12.4.2): Number would take 0x1 and 1e-3 as well
    const weight = /^\d+(\.\d*)?$/.test(q) ? Number(q) : 0;
    return { range, weight: weight <= 1 ? weight : 0 };
  });
}

/** Tells caches that the answer depends on that header of the request too. */
export function varyOn(reply: FastifyReply, header: string): void {
  const others = reply.getHeader('vary');
  reply.header('vary', others === undefined ? header : `${others}, ${header}`);
}

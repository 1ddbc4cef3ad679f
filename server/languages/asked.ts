/** In which language a request is answered, and how the answer tells that to caches (RFC 9110, sections 8.5 and 12.5.5). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { preferredLanguage, varyOn } from '../negotiate.js';
import { LANGUAGES, type Language, type Say, sayIn } from './languages.js';

type Asking = Pick<FastifyRequest, 'headers'>;

const languageOf = ({ headers }: Asking): Language => preferredLanguage(headers['accept-language'], LANGUAGES);

/** How to say things to whoever asks; the answer's headers say so too. */
export function speakTo(request: Asking, reply: FastifyReply): Say {
  const language = languageOf(request);
  varyOn(reply, 'accept-language');
  reply.header('content-language', language);
  return sayIn(language);
}

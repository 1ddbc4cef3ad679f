/** What keeps strangers and accidents out: headers, host names, rates, pressure. */
import { isIP } from 'node:net';
import { getHeapStatistics } from 'node:v8';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { type Text, wording } from '../scenarios/wording.js';
import type { Config } from './config.js';
import { ProblemError } from './problem.js';

/** Seconds of a stuck event loop after which new requests are sent away; reading a nation's scenario takes about two. */
const STUCK_MS = 5000;

export async function secure(app: FastifyInstance, config: Config): Promise<void> {
  await app.register(helmet, {
    // Plain http on a local network must keep working, so nothing is upgraded to https here.
    hsts: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  });
  if (isLoopback(config.host)) app.addHook('onRequest', async ({ hostname }) => refuseForeignHost(hostname));
  if (config.rate > 0) await limitRate(app, config.rate);
  await app.register(underPressure, {
    maxEventLoopDelay: STUCK_MS,
    maxHeapUsedBytes: 0.95 * getHeapStatistics().heap_size_limit,
    pressureHandler: async (_request, _reply, type, value) => {
      // Infinity stands for a second without a measurement: a turn of the loop took longer than that, and no more is known
      if (type === underPressure.TYPE_EVENT_LOOP_DELAY && value === Infinity) return;
      throw new ProblemError('overloaded', wording`The server has more to do than it can; try again soon.`, {
        retryAfter: 2,
      });
    },
  });
}

async function limitRate(app: FastifyInstance, rate: number): Promise<void> {
  await app.register(rateLimit, {
    max: rate,
    timeWindow: 60_000,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { after, max, ttl }) =>
      new ProblemError(
        'rate-limited',
        wording`${max} requests a minute are taken from one address; go on in ${spanOf(after)}.`,
        {
          retryAfter: Math.ceil(ttl / 1000),
        },
      ),
  });
}

/** A span of time as the plugin writes it: "1 minute", "59 seconds". */
function spanOf(after: string): Text {
  const [n = '', unit] = after.split(' ');
  switch (unit) {
    case 'second':
      return wording`${n} second`;
    case 'seconds':
      return wording`${n} seconds`;
    case 'minute':
      return wording`${n} minute`;
    default:
      return after;
  }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * A page on another site can give its own name the address 127.0.0.1 and so reach a server that trusts everybody on
 * this machine (DNS rebinding). It cannot choose the Host header that the browser sends.
 */
function refuseForeignHost(hostname: string): void {
  const name = hostname.replace(/^\[|\]$/g, '');
  if (!isLoopback(name) && name !== '')
    throw new ProblemError(
      'misdirected',
      wording`This server answers to localhost, not to ${JSON.stringify(hostname)}.`,
    );
}

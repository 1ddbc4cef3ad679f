/** Every campaign by its name. */

import { burst } from './burst.js';
import type { Campaign } from './campaign.js';
import { clients } from './clients.js';
import { files } from './files.js';
import { flips } from './flips.js';
import { full } from './full.js';
import { idle } from './idle.js';
import { inject } from './inject.js';
import { json } from './json.js';
import { kill } from './kill.js';
import { retries } from './retries.js';
import { soak } from './soak.js';
import { backup, clock, lock, rivals } from './starts.js';

export const campaigns: Record<string, Campaign> = {
  kill,
  flips,
  files,
  full,
  inject,
  retries,
  rivals,
  lock,
  backup,
  clock,
  json,
  idle,
  burst,
  clients,
  soak,
};

/** Every campaign by its name. */
import type { Campaign } from './campaign.js';
import { files } from './files.js';
import { flips } from './flips.js';
import { kill } from './kill.js';

export const campaigns: Record<string, Campaign> = { kill, flips, files };

/** A follower of somebody else's log. */
export { type Mirror, MirrorFault, type MirrorOptions, openMirror } from './mirror.js';

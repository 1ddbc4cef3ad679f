/**
 * Directories that this very process has open. POSIX locks belong to a process and go with the first descriptor
 * it closes, so a second look at LOCK from inside would release the writer's own lock instead of failing.
 */
const held = new Set<string>();

export function isHeldHere(dir: string): boolean {
  return held.has(dir);
}

export function hold(dir: string): void {
  held.add(dir);
}

export function release(dir: string): void {
  held.delete(dir);
}

/** The message of an error with those of its causes, as LevelDB puts what matters into the cause. */
export function messageOf(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) parts.push(at.message);
  return parts.join(': ') || String(error);
}

/** The person at the keyboard can mend this: exit status 2. */
export class InputError extends Error {
  override name = 'InputError';
}

/** Ways in which an allocation does not come about through no fault of the scenario's form. */
export type AllocateErrorKind = 'cancelled' | 'too-large' | 'unsupported' | 'worker' | 'internal';

export class AllocateError extends Error {
  constructor(
    readonly kind: AllocateErrorKind,
    message: string,
  ) {
    super(message);
    this.name = 'AllocateError';
  }
}

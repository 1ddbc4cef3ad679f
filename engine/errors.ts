import { unlisted } from '../scenarios/faults.js';
import { english, type Text } from '../scenarios/wording.js';

/** Ways in which an allocation does not come about through no fault of the scenario's form. */
export type AllocateErrorKind = 'cancelled' | 'too-large' | 'unsupported' | 'worker' | 'internal';

export class AllocateError extends Error {
  constructor(
    readonly kind: AllocateErrorKind,
    /** The message, for readers of other languages: of what is 'too-large' or 'unsupported' in parts. */
    readonly said: Text,
  ) {
    super(english(said));
    this.name = 'AllocateError';
    unlisted(this, 'said');
  }
}

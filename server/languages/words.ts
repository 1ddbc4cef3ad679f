/** Words that come from elsewhere, on their way to a reader. */
import { printable } from '../../scenarios/faults.js';
import { mapText, type Text } from '../../scenarios/wording.js';

/** The words of an error in parts, where it has them. */
export const wordsOf = (error: Error & { said?: Text }): Text => printed(error.said ?? error.message);

/** What comes from files is in words as it stands there; control characters in it must not reach a terminal, in whichever language. */
export const printed = (text: Text): Text => mapText(text, printable);

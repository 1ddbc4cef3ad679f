/** Words that come from elsewhere, on their way to a reader. */
import type { Text } from '../../scenarios/wording.js';

/** The words of an error in parts, where it has them. */
export const wordsOf = (error: Error & { said?: Text }): Text => error.said ?? error.message;

/** Why a data directory could not be opened at all; refusals of single appends are LedgerRefusal. */

/** Another process has the ledger open. `url` is where it answers, if it is a server that said so. */
export class LedgerHeld extends Error {
  constructor(
    readonly dir: string,
    readonly url: string | null,
  ) {
    super(
      url
        ? `the ledger in ${dir} is held by the server at ${url}: ask there, or stop it first`
        : `the ledger in ${dir} is held by another process: stop it first, one ledger has one process`,
    );
    this.name = 'LedgerHeld';
  }
}

/** The directory cannot serve as a ledger; the message says what to do. */
export class LedgerUnusable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerUnusable';
  }
}

/** Which earlier entries an entry says that it builds on. */
import type { KnownEntry } from './entry.js';

export type Citation = [kind: string, digest: string, seq: number];

/** The earlier entries that an entry builds on. */
export function citations({ kind, body }: KnownEntry): Citation[] {
  switch (kind) {
    case 'allocation':
      return [['scenario', body.scenario, body.scenarioSeq]];
    case 'declaration':
      return [
        ['scenario', body.scenario, body.scenarioSeq],
        ['scenario', body.result, body.resultSeq],
      ];
    case 'adoption':
    case 'explanation':
      return [['allocation', body.allocation, body.allocationSeq]];
    case 'report':
      return [
        ['scenario', body.scenario, body.scenarioSeq],
        ...maybe('allocation', body.allocation, body.allocationSeq),
        ...maybe('report', body.supersedes, body.supersedesSeq),
      ];
    case 'verification':
    case 'escalation':
      return [['report', body.report, body.reportSeq]];
    case 'amendment':
      return [
        ['scenario', body.scenario, body.scenarioSeq],
        ['scenario', body.result, body.resultSeq],
        ...body.verifications.map((of): Citation => ['verification', of.verification, of.verificationSeq]),
      ];
    case 'resolution':
      return [
        ['report', body.report, body.reportSeq],
        ...maybe('amendment', body.amendment, body.amendmentSeq),
        ...maybe('allocation', body.allocation, body.allocationSeq),
      ];
    case 'scenario':
    case 'key':
      return [];
  }
}

const maybe = (kind: string, digest: string | undefined, seq: number | undefined): Citation[] =>
  digest === undefined || seq === undefined ? [] : [[kind, digest, seq]];

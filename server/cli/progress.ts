/** Progress on stderr: one line that rewrites itself on a terminal, nothing in a pipe. */
import type { FrontierProgress, Progress } from '../../engine/index.js';

const PHASES = { compile: 'compiling', solve: 'solving', lots: 'whole lots', check: 'checking the proof' } as const;
const BAR = 20;

export interface ProgressLine {
  show(progress: Progress): void;
  /** Of several plans at once. */
  showDials(progress: FrontierProgress): void;
  clear(): void;
}

export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  if (!stream.isTTY) return { show: () => {}, showDials: () => {}, clear: () => {} };
  const write = (text: string) => stream.write(`\r\x1b[2K${text}`);
  return {
    show(p) {
      const stage = p.stage ? ` stage ${p.stage.index + 1} of ${p.stage.of} (${p.stage.name})` : '';
      // only whole stages are known to be done; within one, iterations have no known end
      const done = p.phase === 'compile' ? 0 : p.phase === 'solve' && p.stage ? p.stage.index / (p.stage.of + 1) : 0.9;
      const bar = '#'.repeat(Math.round(done * BAR)).padEnd(BAR, '.');
      const iterations = p.iterations ? `, ${p.iterations.toLocaleString('en-US')} iterations` : '';
      const gap = p.gap === undefined ? '' : `, gap ${p.gap.toExponential(1)}`;
      write(`[${bar}] ${PHASES[p.phase]}${stage}, ${p.seconds.toFixed(1)} s${iterations}${gap}`);
    },
    showDials({ done, of, dials }) {
      const bar = '#'.repeat(Math.round((done / of) * BAR)).padEnd(BAR, '.');
      const running = dials
        .filter((d) => d.state === 'running')
        .map(({ dial, phase, stage, gap }) => {
          const what = stage ? `${stage.name}, stage ${stage.index + 1} of ${stage.of}` : phase && PHASES[phase];
          return `${dial} (${what ?? 'waiting for a thread'}${gap === undefined ? '' : `, gap ${gap.toExponential(1)}`})`;
        });
      write(`[${bar}] ${done} of ${of} dials${running.length ? `; at ${running.join(', ')}` : ''}`);
    },
    clear: () => write(''),
  };
}

#!/usr/bin/env node
/** The command line: words → a command, errors → an exit status that scripts can rely on. */
import { parseArgs } from 'node:util';
import { version } from '../version.js';
import { InputError } from './input-error.js';

/** Each command loads what it needs and no more: half a second is much for somebody who asks for a token. */
const usage = (
  presets: readonly string[],
  cases: readonly string[],
) => `evenhand ${version}: shares out scarce relief goods, proves how well, and records it

  allocate FILE [--policy NAME|FILE] [--gap 1e-4] [--solver auto|structured|highs|jslp] [--threads N]
           [--warm ALLOCATION] [--twins] [--out FILE] [--data DIR] [--json]
  frontier FILE [--dials 0,0.5,1,2,4,leximin] [--policy NAME|FILE] [--gap 1e-4] [--solver …] [--threads N]
           [--out DIR] [--data DIR] [--json|--csv]       one plan a dial: what evenness costs
  replan PLAN --period N [--scenario FILE|DIGEST] [--before FILE] [--policy NAME|FILE] [--gap 1e-4] [--out FILE]
           [--data DIR] [--json]              what was sent stays sent, the rest is planned anew
  trace REPORT [--data DIR] [--json]         what became of a report, and whom it moved
  variance PLAN [--period N] [--scenario DIGEST] [--data DIR] [--json]   allocated, shipped, delivered
  check FILE [SCENARIO] [--data DIR]         checks an allocation's proof without any solver
  verify [DIR|URL|BUNDLE] [--json] [--since CHECKPOINT] [--key KEY] [--witnesses POLICY]
  compare A B … [--against N] [--top N] [--scenario FILE] … [--data DIR] [--json|--csv]
                                             files or digests on the record: who gains, who loses
  explain FILE [--region R] [--resource K] [--scenario FILE] [--data DIR] [--json]
                                             why so little, and what would help: solved again, then on the record
  bottlenecks FILE [--top 10] [--scenario FILE] [--data DIR] [--json]
  report FILE [--photo PICTURE] [--data DIR] [--json]      files a report from the field
  reports [--overdue] [--data DIR] [--json]  what each waits for, whose turn it is, until when
  level SCENARIO [--json]                    the response level that the figures suggest, the one declared, who gives
  declare SCENARIO I|II|III|IV|none --by NAME --why TEXT [--figures dead=N,…] [--out FILE] [--data DIR] [--json]
  amend SCENARIO REPORT … [--out FILE]       verified reports onto a scenario: the changes in words, the scenario to FILE
  generate PRESET [--seed N] [--out FILE]    ${presets.join(', ')}
  needs FILE [--standards FILE] [--figure low|likely|high] [--items water,tent=Family tents,…] [--why] [--out FILE]
                                             people × standards → demand, each number with its reason
  routes FILE [--k 6] [--modes truck,helicopter,…] [--transport FILE] [--out FILE]
                                             proposes routes from coordinates; those that are known stay
  convert PLAN OUT [--as shipments|waybills|4w|unmet|tables|flows|coverage|brief|bundle|lp|mps] [--stage N]
           [--boundaries GEOJSON [--key PROPERTY]] [--scenario FILE] [--data DIR]
                                             a plan as .csv, .xlsx, .geojson, .html, .zip, .lp, .mps
  convert IN OUT [--stage N]                 scenario ↔ .xlsx, .zip or folder of CSV; → .mps, .lp; .mps ↔ .json
  template [--out FILE.xlsx] [--csv DIR]     an empty workbook (or CSV files) to be filled
  inspect FILE [--with FILE] … [--map FILE] [--fix OUT] [--out SCENARIO] [--json]
                                             every fault of a workbook by cell; --fix writes a mended copy
  map FILE [--out FILE]                      proposes which of your columns are ours, to be edited
  schema [--out FILE]                        JSON Schema of the scenario file
  org add NAME [--roles planner,…] [--key PUBLIC] [--out KEYFILE] · org list · org roles NAME --roles …
  org rotate NAME --key KEYFILE [--overlap N] [--out NEW] · org revoke NAME KEYID [--key KEYFILE] [--reason …]
                                             organisations and their keys ([--data DIR], or [--log LOG] to print)
  token NAME --role ROLE · token list · token revoke ID   bearer tokens of the API
  sign FILE --key KEYFILE [--out FILE]       signs the draft of an adoption, a verification, an amendment
  rebuild [DIR]                              makes the store again from tiles, bundles and packs
  serve [--port 8080] [--host 127.0.0.1] [--data DIR] [--witnesses POLICY]
  witness [--log KEY] … [--name NAME] [--port 8081] [--host 127.0.0.1] [--data witness]
                                             cosigns checkpoints of logs that continue what it saw
  mirror URL [--key KEY] [--data mirror] [--serve PORT] [--every SECONDS] [--once]
                                             follows a log, checks all of it, serves reads
  evidence [DIR|URL] [--json]                pairs of signed notes that cannot both be true

FILE is a scenario (JSON, a workbook .xlsx, a zip or folder of CSV files), '-' for standard input, or a built-in case: ${cases.join(', ')}.
Exit status: 0 done · 1 a check failed · 2 the input is at fault · 3 the asked gap was not reached · 70 our fault.
`;

/** 70: EX_SOFTWARE of sysexits.h. 130: ended by Ctrl-C. */
const STATUS = { ok: 0, failed: 1, input: 2, limit: 3, ours: 70, interrupted: 130 };

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;
const OPTIONS: Record<string, Record<string, typeof text | typeof texts | typeof flag>> = {
  allocate: {
    policy: text,
    gap: text,
    solver: text,
    threads: text,
    warm: text,
    out: text,
    data: text,
    json: flag,
    twins: flag,
  },
  frontier: {
    dials: text,
    policy: text,
    gap: text,
    solver: text,
    threads: text,
    out: text,
    data: text,
    json: flag,
    csv: flag,
  },
  replan: {
    period: text,
    scenario: text,
    before: text,
    policy: text,
    gap: text,
    solver: text,
    threads: text,
    out: text,
    data: text,
    json: flag,
  },
  trace: { data: text, json: flag },
  variance: { period: text, scenario: text, data: text, json: flag },
  check: { data: text },
  verify: { json: flag, since: text, key: text, witnesses: text, data: text },
  compare: { against: text, top: text, scenario: texts, data: text, json: flag, csv: flag },
  explain: { region: text, resource: text, scenario: text, data: text, json: flag },
  bottlenecks: { top: text, scenario: text, data: text, json: flag },
  report: { photo: text, data: text, json: flag },
  reports: { overdue: flag, data: text, json: flag },
  level: { json: flag },
  declare: { by: text, why: text, figures: text, out: text, data: text, json: flag },
  amend: { out: text },
  generate: { seed: text, out: text },
  needs: { standards: text, figure: text, items: text, why: flag, out: text },
  routes: { k: text, modes: text, transport: text, out: text },
  convert: { stage: text, as: text, boundaries: text, key: text, scenario: text, data: text },
  schema: { out: text },
  template: { out: text, csv: text },
  inspect: { with: texts, map: text, fix: text, out: text, json: flag },
  map: { out: text },
  org: { roles: text, key: text, out: text, overlap: text, reason: text, log: text, data: text, json: flag },
  token: { role: text, data: text, json: flag },
  sign: { key: text, out: text },
  rebuild: { data: text },
  serve: { port: text, host: text, data: text, witnesses: text },
  witness: { log: texts, name: text, port: text, host: text, data: text },
  mirror: { key: text, data: text, serve: text, host: text, every: text, once: flag },
  evidence: { data: text, json: flag },
};

/** How many words each command takes. */
const WORDS: Record<string, [number, number]> = {
  allocate: [1, 1],
  frontier: [1, 1],
  replan: [1, 1],
  trace: [1, 1],
  variance: [1, 1],
  check: [1, 2],
  verify: [0, 1],
  compare: [2, Infinity],
  explain: [1, 1],
  bottlenecks: [1, 1],
  report: [1, 1],
  reports: [0, 0],
  level: [1, 1],
  declare: [2, 2],
  amend: [2, Infinity],
  generate: [1, 1],
  convert: [2, 2],
  needs: [1, 1],
  routes: [1, 1],
  schema: [0, 0],
  template: [0, 0],
  inspect: [1, 1],
  map: [1, 1],
  org: [1, 3],
  token: [1, 2],
  sign: [1, 1],
  rebuild: [0, 1],
  serve: [0, 0],
  witness: [0, 0],
  mirror: [1, 1],
  evidence: [0, 1],
};

async function run(argv: string[]): Promise<number> {
  const [command = 'help', ...rest] = argv;
  if (['help', '--help', '-h'].includes(command) || rest.includes('--help')) {
    const { caseNames, presetNames } = await import('../../scenarios/index.js');
    const whole = usage(presetNames(), caseNames());
    process.stdout.write(rest.includes('--help') ? ofCommand(whole, command) : whole);
    return argv.length ? STATUS.ok : STATUS.input;
  }
  if (['version', '--version', '-v'].includes(command)) {
    console.log(version);
    return STATUS.ok;
  }
  const options = OPTIONS[command];
  if (!options) throw new InputError(`there is no command '${command}'; 'evenhand help' lists them`);
  const { values, positionals } = parse(command, rest, options);
  const value = (name: string) => (typeof values[name] === 'string' ? (values[name] as string) : undefined); // just tested
  const strings = Object.fromEntries(
    Object.keys(options).flatMap((o) => (value(o) === undefined ? [] : [[o, value(o)!]])),
  );
  const data = value('data') ?? process.env.EVENHAND_DATA ?? 'data';
  const json = values.json === true;
  const [a = '', b] = positionals;
  switch (command) {
    case 'allocate':
      return (await import('./allocate.js')).allocateCommand(a, {
        ...strings,
        data,
        json,
        twins: values.twins === true,
      });
    case 'frontier':
      return (await import('./frontier.js')).frontierCommand(a, { ...strings, data, json, csv: values.csv === true });
    case 'replan':
      return (await import('./replan.js')).replanCommand(a, { ...strings, data, json });
    case 'trace':
      return (await import('./replan.js')).traceCommand(a, { data, json });
    case 'variance':
      return (await import('./replan.js')).varianceCommand(a, { ...strings, data, json });
    case 'check':
      return (await import('./proofs.js')).checkCommand(a, b, data);
    case 'verify':
      return (await import('./proofs.js')).verifyCommand(a || data, { ...strings, json });
    case 'compare':
      return (await import('./comparing.js')).compareCommand(positionals, {
        ...strings,
        scenarios: Array.isArray(values.scenario) ? values.scenario.map(String) : [],
        data,
        json,
        csv: values.csv === true,
      });
    case 'explain':
      return (await import('./explain.js')).explainCommand(a, { ...strings, data, json });
    case 'bottlenecks':
      return (await import('./explain.js')).bottlenecksCommand(a, { ...strings, data, json });
    case 'report':
      return (await import('./reports.js')).reportCommand(a, { ...strings, data, json });
    case 'reports':
      return (await import('./reports.js')).reportsCommand({ data, json, overdue: values.overdue === true });
    case 'level':
      return (await import('./level.js')).levelCommand(a, json);
    case 'declare':
      return (await import('./level.js')).declareCommand(a, b ?? '', { ...strings, data, json });
    case 'amend':
      return (await import('./reports.js')).amendCommand(a, positionals.slice(1), value('out'));
    case 'generate':
      return (await import('./files.js')).generateCommand(a, value('seed') ?? '1', value('out'));
    case 'convert':
      return (await import('./files.js')).convertCommand(a, b ?? '', { stage: '0', ...strings, data });
    case 'witness':
      return (await import('./witness.js')).witnessCommand({
        ...strings,
        logs: Array.isArray(values.log) ? values.log.map(String) : [],
      });
    case 'mirror':
      return (await import('./mirror.js')).mirrorCommand(a, { ...strings, once: values.once === true });
    case 'evidence':
      return (await import('./witness.js')).evidenceCommand(a || data, json);
    case 'rebuild':
      return (await import('./proofs.js')).rebuildCommand(a || data);
    case 'needs':
      return (await import('./needs.js')).needsCommand(a, { ...strings, why: values.why === true });
    case 'routes':
      return (await import('./routes.js')).routesCommand(a, strings);
    case 'schema':
      return (await import('./files.js')).schemaCommand(value('out'));
    case 'template':
      return (await import('./tables.js')).templateCommand(strings);
    case 'inspect':
      return (await import('./tables.js')).inspectCommand(a, {
        ...strings,
        json,
        with: Array.isArray(values.with) ? values.with.map(String) : [],
      });
    case 'map':
      return (await import('./tables.js')).mapCommand(a, value('out'));
    case 'org':
      return (await import('./organisations.js')).orgCommand(positionals, { ...strings, data, json });
    case 'token':
      return (await import('./signing.js')).tokenCommand(positionals, { ...strings, data, json });
    case 'sign':
      return (await import('./signing.js')).signCommand(a, strings);
    default: {
      const [{ serve }, { readConfig }] = await Promise.all([import('../main.js'), import('../config.js')]);
      const server = await serve(readConfig(strings));
      console.error(`Evenhand listens at ${server.url} (API: ${server.url}/docs). Ctrl-C stops it and loses nothing.`);
      for (const note of server.notes) console.error(`Note: ${note}`);
      await server.closed;
      return STATUS.ok;
    }
  }
}

/** The lines of the help that are of one command; all of it where there is no such command. */
function ofCommand(whole: string, command: string): string {
  const lines = whole.split('\n');
  const own: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (!line.startsWith(`  ${command} `)) continue;
    own.push(line);
    for (let next = i + 1; lines[next]?.startsWith('     '); next++) own.push(lines[next]!);
  }
  const files = lines.filter((line) => line.startsWith('FILE is '));
  return own.length === 0 ? whole : `${[...own, '', ...files].join('\n')}\n`;
}

function parse(command: string, args: string[], options: (typeof OPTIONS)[string]) {
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new InputError(`${command}: ${error instanceof Error ? error.message : error}`);
  }
  const [least, most] = WORDS[command]!;
  const count = parsed.positionals.length;
  if (count < least || count > most)
    throw new InputError(`${command}: wrong number of words; 'evenhand help' shows the form`);
  return parsed;
}

/** What a person is told, and the exit status. Classes of errors are loaded where one was thrown, if ever. */
async function explainError(error: unknown): Promise<[string, number]> {
  if (error instanceof InputError) return [error.message, STATUS.input];
  const [{ AllocateError }, { ScenarioError }, { LedgerHeld, LedgerRefusal, LedgerUnusable }] = await Promise.all([
    import('../../engine/errors.js'),
    import('../../scenarios/faults.js'),
    import('../ledger/index.js'),
  ]);
  if (error instanceof LedgerHeld || error instanceof LedgerUnusable || error instanceof LedgerRefusal)
    return [error.message, STATUS.input];
  if (error instanceof ScenarioError) return [error.message, STATUS.input];
  if (error instanceof AllocateError) {
    if (error.kind === 'cancelled') return ['Stopped; nothing was committed.', STATUS.interrupted];
    return [error.message, error.kind === 'unsupported' || error.kind === 'too-large' ? STATUS.input : STATUS.ours];
  }
  if (error instanceof Error && error.name === 'ConfigError') return [error.message, STATUS.input];
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [`This is our fault, not yours: ${what.slice(0, 2000)}`, STATUS.ours];
}

// a reader that stops early (`| head`) is no fault
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
run(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  async (error: unknown) => {
    const [message, status] = await explainError(error);
    process.stderr.write(`evenhand: ${message}\n`);
    process.exitCode = status;
    await (await import('../../engine/workers/pool.js')).closePool();
  },
);

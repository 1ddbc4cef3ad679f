/**
 * Free MPS in, as a plain document: what other tools write can be looked at, and what `writeMps` wrote can be compared.
 * Sections ROWS, COLUMNS, RHS, BOUNDS (UP, LO, FX, FR, MI, PL), OBJSENSE; anything else is refused by name.
 */
export interface LpDocument {
  evenhandLp: 1;
  name: string;
  sense: 'min' | 'max';
  rows: { name: string; type: 'L' | 'G' | 'E'; rhs: number }[];
  /** `upper` null: unbounded; `lower` null: unbounded below. */
  columns: {
    name: string;
    objective: number;
    lower: number | null;
    upper: number | null;
    entries: [string, number][];
  }[];
}

/** Parses free MPS. Throws a SyntaxError with the line number for what it does not understand. */
export function readMps(text: string): LpDocument {
  const lp: LpDocument = { evenhandLp: 1, name: '', sense: 'min', rows: [], columns: [] };
  const rows = new Map<string, LpDocument['rows'][number]>();
  const columns = new Map<string, LpDocument['columns'][number]>();
  let objective: string | undefined;
  let section = '';
  const lines = text.split(/\r?\n/);
  for (const [i, line] of lines.entries()) {
    const fail = (what: string): never => {
      throw new SyntaxError(`line ${i + 1}: ${what}`);
    };
    if (line.startsWith('*') || line.trim() === '') continue;
    const fields = line.trim().split(/\s+/);
    if (!/^\s/.test(line)) {
      section = fields[0]!.toUpperCase();
      if (section === 'NAME') lp.name = fields[1] ?? '';
      else if (section === 'OBJSENSE' && fields[1])
        lp.sense = fields[1].toUpperCase().startsWith('MAX') ? 'max' : 'min';
      else if (section === 'ENDATA') break;
      else if (!['ROWS', 'COLUMNS', 'RHS', 'BOUNDS', 'OBJSENSE'].includes(section))
        fail(`section ${section} is not read here`);
      continue;
    }
    const number = (field: string | undefined) => {
      const x = Number(field);
      return field !== undefined && Number.isFinite(x) ? x : fail(`'${field}' is no number`);
    };
    const known = <X>(map: Map<string, X>, name: string | undefined): X =>
      map.get(name ?? '') ?? fail(`'${name}' has not been declared`);
    if (section === 'ROWS') {
      const [type, name] = [fields[0]!.toUpperCase(), fields[1] ?? fail('a row without a name')];
      if (type === 'N') objective ??= name;
      else if (type === 'L' || type === 'G' || type === 'E') rows.set(name, { name, type, rhs: 0 });
      else fail(`row type '${type}'`);
    } else if (section === 'COLUMNS') {
      const name = fields[0]!;
      const column = columns.get(name) ?? { name, objective: 0, lower: 0, upper: null, entries: [] };
      columns.set(name, column);
      for (let f = 1; f < fields.length; f += 2) {
        const value = number(fields[f + 1]);
        if (fields[f] === objective) column.objective = value;
        else column.entries.push([known(rows, fields[f]).name, value]);
      }
    } else if (section === 'RHS') {
      // the name of the right-hand side may be left out
      for (let f = fields.length % 2; f < fields.length; f += 2)
        if (fields[f] !== objective) known(rows, fields[f]).rhs = number(fields[f + 1]);
    } else if (section === 'BOUNDS') {
      const type = fields[0]!.toUpperCase();
      const bare = ['FR', 'MI', 'PL'].includes(type);
      const column = known(columns, fields[fields.length - (bare ? 1 : 2)]);
      const value = bare ? 0 : number(fields.at(-1));
      if (type === 'UP' || type === 'FX') column.upper = value;
      if (type === 'LO' || type === 'FX') column.lower = value;
      if (type === 'FR' || type === 'PL') column.upper = null;
      if (type === 'FR' || type === 'MI') column.lower = null;
      if (!['UP', 'LO', 'FX', 'FR', 'MI', 'PL'].includes(type)) fail(`bound type '${type}'`);
    } else if (section === 'OBJSENSE') lp.sense = fields[0]!.toUpperCase().startsWith('MAX') ? 'max' : 'min';
    else fail('data before any section');
  }
  if (section !== 'ENDATA') throw new SyntaxError(`line ${lines.length}: the file ends before ENDATA`);
  lp.rows = [...rows.values()];
  lp.columns = [...columns.values()];
  return lp;
}

export function isLpDocument(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'evenhandLp' in value;
}

/** A parsed document whose shape has been looked at. Throws a TypeError otherwise. */
export function lpDocument(value: unknown): LpDocument {
  const lp = value as LpDocument; // looked at in the next line
  if (lp?.evenhandLp !== 1 || !Array.isArray(lp.rows) || !Array.isArray(lp.columns))
    throw new TypeError('no linear program of Evenhand, version 1');
  return lp;
}

/** Free MPS of a document. */
export function lpToMps(lp: LpDocument): string {
  const lines = [`NAME ${lp.name || 'EVENHAND'}`, 'OBJSENSE', ` ${lp.sense.toUpperCase()}`, 'ROWS', ' N OBJ'];
  for (const row of lp.rows) lines.push(` ${row.type} ${row.name}`);
  lines.push('COLUMNS');
  for (const column of lp.columns) {
    lines.push(` ${column.name} OBJ ${column.objective}`);
    for (const [row, value] of column.entries) lines.push(` ${column.name} ${row} ${value}`);
  }
  lines.push('RHS');
  for (const row of lp.rows) if (row.rhs !== 0) lines.push(` RHS ${row.name} ${row.rhs}`);
  lines.push('BOUNDS');
  for (const { name, lower, upper } of lp.columns) {
    if (lower === null) lines.push(` ${upper === null ? 'FR' : 'MI'} BND ${name}`);
    else if (lower !== 0) lines.push(` LO BND ${name} ${lower}`);
    if (upper !== null) lines.push(` UP BND ${name} ${upper}`);
  }
  lines.push('ENDATA', '');
  return lines.join('\n');
}

/** Texts and bytes that must not be taken for JSON, in the manner of JSONTestSuite (Seriot 2016): n_ and the unsafe i_ cases. */

const latin = (text: string) => Buffer.from(text, 'latin1');

/** Bodies that every route must answer with 400. `wrap` puts a value where the route would read one. */
export function malformed(wrap: (value: string) => string): Map<string, Buffer> {
  const cases = new Map<string, Buffer>();
  const whole = (name: string, bytes: string | Buffer) => cases.set(name, Buffer.from(bytes));
  const inside = (value: string) => cases.set(`value ${value.slice(0, 30)}`, Buffer.from(wrap(value)));

  const values = [
    // numbers that are none
    '+1',
    '01',
    '-01',
    '1.',
    '.5',
    '-.5',
    '1e',
    '1e+',
    '1eE2',
    '0x1F',
    '1_000',
    'NaN',
    'Infinity',
    '-Infinity',
    '-',
    '--1',
    '1 2',
    '2.e3',
    '0e',
    '0.3e',
    '１',
    '1/2',
    '- 1',
    '0.1.2',
    '1ea',
    // numbers that reading changes
    '9007199254740993',
    '-9007199254740993',
    '1e400',
    '-1e400',
    '1e-400',
    '0.1000000000000000000001',
    '123456789012345678901234567890',
    '0.30000000000000000001',
    `1${'0'.repeat(400)}`,
    `0.${'0'.repeat(400)}1`,
    // literals and texts
    'True',
    'tru',
    'nul',
    'undefined',
    "'a'",
    '"a',
    'a"',
    '"\\x41"',
    '"\\u12"',
    '"\\u{41}"',
    '"\\"',
    '"a\nb"',
    '"\t"',
    '"\u0000"',
    '"\\a"',
    '"\\uD800\\u"',
    '`a`',
    // lists and objects
    '[1,]',
    '[,1]',
    '[1,,2]',
    '[1',
    '1]',
    '[1 2]',
    '[1:2]',
    '{"a":1,}',
    '{,}',
    '{"a"}',
    '{"a":}',
    '{"a" 1}',
    '{a:1}',
    "{'a':1}",
    '{1:1}',
    '{"a":1 "b":2}',
    '{"a":1,,"b":2}',
    '{"a":1;"b":2}',
    '[}',
    '{]',
    '[1}',
    '{"a":1]',
    // comments
    '1/**/',
    '/* */1',
    '[1//\n]',
    '[1#\n]',
    // keys that readers differ on
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a":{"b":1,"b":1}}',
    '[{"a":null,"a":null}]',
    '{"__proto__":{"x":1}}',
    '{"__proto__":null}',
    '{"\\u005f_proto__":1}',
    '[{"__proto__":[]}]',
    // depth
    '['.repeat(70) + ']'.repeat(70),
    `${'{"a":'.repeat(70)}1${'}'.repeat(70)}`,
    '['.repeat(50_000),
    '{"a":'.repeat(50_000),
  ]; // prettier-ignore
  for (const value of values) inside(value);

  const good = wrap('1');
  whole('nothing', '');
  whole('white space', ' \n\t');
  whole('a BOM before it', `\uFEFF${good}`);
  whole('a BOM alone', '\uFEFF');
  whole('UTF-16, little-endian', Buffer.from(good, 'utf16le'));
  whole('UTF-16 with its BOM', Buffer.concat([latin('\xff\xfe'), Buffer.from(good, 'utf16le')]));
  whole('two values', `${good}${good}`);
  whole('rest after it', `${good}x`);
  whole('a comma after it', `${good},`);
  whole('half of it', good.slice(0, -1));
  whole('a form feed', `\f${good}`);
  whole('a no-break space', `\u00a0${good}`);
  whole('a zero byte after it', `${good}\0`);
  whole('JSON lines', `${good}\n${good}\n`);
  for (const [name, bytes] of [
    ['a lone continuation byte', '\x80'],
    ['an overlong slash', '\xc0\xaf'],
    ['an overlong zero', '\xc0\x80'],
    ['a surrogate in UTF-8', '\xed\xa0\x80'],
    ['past U+10FFFF', '\xf4\x90\x80\x80'],
    ['a cut character', '\xe2\x82'],
    ['0xFF', '\xff'],
    ['ISO 8859-1', 'caf\xe9'],
  ] as const)
    whole(name, latin(wrap(`"${bytes}"`)));
  return cases;
}

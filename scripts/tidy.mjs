#!/usr/bin/env node
// The tree's own rules, checked like behaviour. Prints every finding with its place and ends with the plain
// line "N passed, N failed". usage: node scripts/tidy.mjs
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n').filter(f => f && existsSync(join(root, f)));
const read = f => readFileSync(join(root, f), 'utf8');
const cxx = files.filter(f => /\.(h|cpp)$/.test(f));
const data = f => /(^|\/)(golden|corpus|cases|expected|schema|databases)\//.test(f) || /package-lock\.json$/.test(f);

let passed = 0, failed = 0;
function rule(name, findings) {
  if (findings.length === 0) { passed++; return; }
  failed++;
  console.log(`not ok ${name}`);
  for (const finding of findings) console.log(`    ${finding}`);
}
// Lines of a file that match, as "file:line: text".
const lines = (f, pattern) => read(f).split('\n').flatMap((text, i) => (pattern.test(text) ? [`${f}:${i + 1}: ${text.trim().slice(0, 120)}`] : []));

// --- layers: a folder includes itself and what its library links -------------------------------------------
const links = new Map([['asio', new Set()]]);
for (const m of read('src/CMakeLists.txt').matchAll(/^tenon_layer\((\w+)([^)]*)\)/gms)) {
  const direct = /LINKS ([\w\s]*?)(?=\s*(PACKAGES|EXCEPT|SUBFOLDERS|PRECOMPILED|$))/s.exec(m[2])?.[1].trim().split(/\s+/) ?? [];
  const all = new Set([m[1]]);
  for (const link of direct.filter(Boolean)) { all.add(link); for (const further of links.get(link) ?? []) all.add(further); }
  links.set(m[1], all);
}
const layerOf = f => /^src\/(\w+)\//.exec(f)?.[1];
rule('layers', cxx.filter(f => f.startsWith('src/')).flatMap(f => [...read(f).matchAll(/^#include "(\w+)\/[^"]*"/gm)]
  .filter(m => m[1] !== 'tests' && !links.get(layerOf(f))?.has(m[1]))
  .map(m => `${f}: includes ${m[0].slice(9)}, but ${layerOf(f)} may use only ${[...(links.get(layerOf(f)) ?? [])].join(', ')}`)));
rule('tests are included by tests only', cxx.filter(f => f.startsWith('src/') && !/(_(pg|my|db)?test\.cpp|\/test_\w+\.h|_fixture\.h)$/.test(f)).flatMap(f => lines(f, /#include "tests\//)));

// --- nothing dead, nothing strange -------------------------------------------------------------------------
const includes = new Set(cxx.flatMap(f => [...read(f).matchAll(/^#include "([^"]+)"/gm)].map(m => m[1])));
rule('every header is included somewhere', cxx.filter(f => f.endsWith('.h')).filter(f => !includes.has(f.replace(/^src\//, ''))));
rule('names say what a thing is', cxx.filter(f => /(util|helper|manager|misc|common)/.test(basename(f)))
  .concat(cxx.flatMap(f => lines(f, /\b(class|struct) \w*(Manager|Helper|Util|Impl)\b/))));
// Two types of one name in one namespace make one type of it to the linker: what is compiled for one then works on the other.
const types = new Map();
for (const f of cxx.filter(f => f.startsWith('src/') && f.endsWith('.h'))) {
  let namespace = '';
  for (const text of read(f).split('\n')) {
    namespace = /^namespace ([\w:]+) \{/.exec(text)?.[1] ?? namespace;
    const name = /^(?:struct|class|enum class) (\w+)(?= )[^;]*\{/.exec(text)?.[1];
    if (name) types.set(`${namespace}::${name}`, [...(types.get(`${namespace}::${name}`) ?? []), f]);
  }
}
rule('a type has its name alone in its namespace', [...types].filter(([, at]) => at.length > 1 && !/_(fixture|test)\.h$/.test(at[0])).map(([name, at]) => `${name}: ${at.join(', ')}`));
// What the instrumented build compiles together (tenon_unite in cmake/layers.cmake); of functions only those that look alike.
const hidden = new Map();
for (const f of cxx.filter(f => /^src\/.*\.cpp$/.test(f))) {
  const engine = /mysql|mariadb/.test(f) ? 'mysql' : /postgres/.test(f) ? 'postgres' : '';
  const program = `${layerOf(f)} ${/_(\w*test)\.cpp$/.exec(f)?.[1] ?? ''} ${engine} ${/^namespace ([\w:]+) \{/m.exec(read(f))?.[1]}`;
  for (const [, body] of read(f).matchAll(/^namespace \{\n(.*?)^\}  \/\/ namespace$/gms))
    for (const [, type, alias, what, value, call] of body.matchAll(/^(?:(?:struct|class|enum class) (\w+)\b(?!;)|using (\w+) = ([^;]+);|(?:constexpr|const|constinit) [^;={(]*?\b(\w+)(?:\[\w*\])?(?: =|\{)|(?!template)\w[^;=(\n]*?\b(?<!::)(\w+\([^)]*\)) \{)/gm)) {
      const key = `${program} ${type ?? alias ?? value ?? call}`;
      hidden.set(key, (hidden.get(key) ?? new Set()).add(alias ? what : f));
    }
}
rule('a name in an anonymous namespace is alone in its layer', [...hidden].filter(([, at]) => at.size > 1).map(([name, at]) => `${name}: ${[...at].join(', ')}`));
rule('file names are snake_case', cxx.filter(f => !/^[a-z0-9_]+\.(h|cpp)$/.test(basename(f))));
rule('no promises for later', files.filter(f => /\.(h|cpp|mjs|sh|ts|md|cmake|txt)$/.test(f) && f !== 'scripts/tidy.mjs' && !data(f))
  .flatMap(f => lines(f, /\b(TODO|FIXME|XXX|HACK|not implemented yet|unimplemented)\b/)));
rule('a file is read in one sitting (700 lines)', cxx.filter(f => read(f).split('\n').length > 700).map(f => `${f}: ${read(f).split('\n').length} lines`));
rule('no blobs (400 kB)', files.filter(f => statSync(join(root, f)).size > 400_000).map(f => `${f}: ${statSync(join(root, f)).size} bytes`));
rule('no tabs, no trailing blanks', files.filter(f => /\.(h|cpp|mjs|sh|cmake)$/.test(f)).flatMap(f => lines(f, /\t|[ \t]+$/)));
rule('every header starts with its role', cxx.filter(f => f.endsWith('.h') && !read(f).startsWith('// ')));
rule('headers guard themselves', cxx.filter(f => f.endsWith('.h') && !read(f).includes('#pragma once')));
rule('banned calls', cxx.filter(f => !/_(pg|my|db)?test\.cpp$/.test(f)).flatMap(f => lines(f, /\b(strcpy|sprintf|gets|atoi|strtok|system|std::regex|rand)\(/)));
rule('no machine paths or registry hosts', files.filter(f => f !== 'scripts/tidy.mjs' && f !== 'LICENSE').flatMap(f => (statSync(join(root, f)).size < 400_000 ? lines(f, /(^|[\s"'(=])\/(work|root|farm)\/|registry\.[a-z]|"resolved":/) : [])));

// --- limits on what comes from outside have one home ------------------------------------------------------
// Not limits: facts of a format (the digits of a year), lengths of what is shown, our own waiting.
const facts = /\b(shown|line|single_line|exact|braced_digits|year_digits|fraction_digits|exponent_digits|dimensions|wrappers|cached_bytes|copied_body_bytes|unpacked_bytes|rows_compared|compared|name_size|names|domain_depth|settle_time|connect_time|retry_pause|trusted_rest|statements_lost|cancel_requests|reason_id_bytes)_\w*max\b|\b\w+_time_max\b/;
rule('limits on what comes from outside stand in base/limits.h', cxx.filter(f => /^src\/(net|server|identity|graphql|api|sql|psl)\//.test(f) && !/_(pg|my|db)?test\.cpp$/.test(f))
  .flatMap(f => lines(f, /\bconstexpr\b.*\b\w+_(max|limit|timeout)\s*(=|\{)\s*\d/)).filter(l => !facts.test(l) && !/\b(names|exact|settle_time|compared)_max\b/.test(l)));

// --- error codes: registry, documentation and tests agree --------------------------------------------------
if (existsSync(join(root, 'docs/errors.md'))) {
  const codes = [...read('src/base/codes.h').matchAll(/inline constexpr Code (\w+)\{"(\w+)"\}/g)].map(m => ({ name: m[1], text: m[2] }));
  const documented = new Set([...read('docs/errors.md').matchAll(/^\| `?(\w+)`? \|/gm)].map(m => m[1]));
  rule('every code is documented', codes.filter(c => !documented.has(c.text)).map(c => `${c.text} (${c.name}) is missing in docs/errors.md`));
  const known = new Set(codes.map(c => c.text));
  rule('every documented TN and P code exists', [...documented].filter(c => /^(TN|P)\d{4}$/.test(c) && !known.has(c)));
  const product = cxx.filter(f => f.startsWith('src/') && !/_(pg|my|db)?test\.cpp$/.test(f) && f !== 'src/base/codes.h').map(read).join('\n');
  rule('every code is used', codes.filter(c => !new RegExp(`code::${c.name}\\b`).test(product)).map(c => `${c.text} (${c.name})`));
  const tests = files.filter(f => /_(pg|my|db)?test\.cpp$|\.test\.mjs$|(^|\/)golden\//.test(f)).map(read).join('\n');
  rule('every code is produced by some test', codes.filter(c => !tests.includes(c.text) && !new RegExp(`code::${c.name}\\b`).test(tests)).map(c => `${c.text} (${c.name})`));
}

// --- engines: what is listed as missing is what the tests of both ask for ------------------------------------
const missing = /enum class Difference[^{]*\{([\s\S]*?)\/\/ In another way/.exec(read('src/sql/differences.h'))[1].match(/\b[a-z_]+(?=,)/g);
const ofBoth = files.filter(f => /_dbtest\.cpp$|\.test\.mjs$/.test(f)).map(read).join('\n');
rule('what an engine does not have is asserted by a test of both', missing.filter(name => !new RegExp(`Difference::${name}\\b|differs\\('${name}'\\)`).test(ofBoth)));

// --- fuzzers start from something --------------------------------------------------------------------------
rule('every fuzzer has seeds', files.filter(f => /^fuzz\/\w+_fuzz\.cpp$/.test(f)).filter(f => !files.some(seed => seed.startsWith(`fuzz/corpus/${basename(f, '_fuzz.cpp')}/`))));

// --- headers compile alone ---------------------------------------------------------------------------------
// What a header includes of other projects, itself or by its includes, may be read beforehand: it is there when the
// header's own text begins. So each is compiled behind the largest of these sets that has nothing more.
const text = ['string', 'string_view'];
const words = [...text, 'cstdint', 'optional', 'vector'];
const waiting = [...words, 'boost/asio/awaitable.hpp'];
const json = ['boost/json/object.hpp', 'boost/json/value.hpp'];
const sets = {
  text, number: [...text, 'cstdint'], words, files: [...words, 'filesystem'], json: [...words, ...json], waiting,
  both: [...waiting, ...json, 'expected', 'memory'], network: [...waiting, 'boost/asio/io_context.hpp'],
};
const foreign = new Map();
function foreignIncludes(file) {
  if (!foreign.has(file)) {
    const found = new Set();
    foreign.set(file, found);
    for (const [, name, own] of read(file).matchAll(/^#include (?:<(.+)>|"(.+)")/gm)) {
      if (name) found.add(name);
      else for (const each of foreignIncludes([`src/${own}`, own].find(f => files.includes(f)) ?? file)) found.add(each);
    }
  }
  return foreign.get(file);
}
const database = join(root, 'build/compile_commands.json');
if (existsSync(database)) {
  const flags = new Set(['-std=c++23', '-isystem/usr/include/postgresql', '-I.', '-Isrc', '-Wno-pragma-once-outside-header']);
  for (const { file, command } of JSON.parse(readFileSync(database, 'utf8')))
    if (/\.cpp$/.test(file))
      for (const [flag] of command.matchAll(/(?<= )(-(D(?!TENON_VERSION)|I|W)\S+|-isystem \S+)/g)) flags.add(flag.replace('-isystem ', '-isystem'));
  const compile = `clang++-19 ${[...flags].map(flag => `'${flag}'`).join(' ')} -x c++-header`;
  const folder = join(root, 'build/headers');
  mkdirSync(folder, { recursive: true });
  const inTwo = script => spawnSync('xargs', ['-P', '2', '-d', '\\n', '-I', '{}', 'sh', '-c', '{}'], { cwd: root, input: script.join('\n'), encoding: 'utf8' });
  const problems = run => (run.stdout + run.stderr).split('\n').filter(l => /does not compile alone|error:/.test(l));
  for (const [name, set] of Object.entries(sets)) writeFileSync(join(folder, `${name}.h`), set.map(header => `#include <${header}>\n`).join(''));
  const ahead = inTwo(Object.keys(sets).map(name => `${compile} ${folder}/${name}.h -o ${folder}/${name}.pch`));
  const run = inTwo(cxx.filter(f => f.endsWith('.h')).map(f => {
    const [set] = Object.keys(sets).filter(name => sets[name].every(header => foreignIncludes(f).has(header))).sort((a, b) => sets[b].length - sets[a].length);
    return `${compile} ${set ? `-include-pch ${folder}/${set}.pch ` : ''}-fsyntax-only ${f} || echo "${f} does not compile alone"`;
  }));
  rule('headers compile alone', [...problems(ahead), ...problems(run)]);
} else {
  console.log('headers were not compiled alone: no build yet');
}

console.log(`tidy: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);

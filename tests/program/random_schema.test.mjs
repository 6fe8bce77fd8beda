// Random databases, and random operations over each beside straightforward SQL: keys of one to three columns,
// relations of every kind, to the table itself as well, link tables. On MariaDB the same rows are asked for, and
// PostgreSQL's SQL says what the answers are.
//   SEED=…        the databases and operations of an earlier run; every run prints its seed; with CI set it is 1
//   SCHEMAS=…     how many databases (3)
//   OPERATIONS=…  how many in each (300)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Project, differs, onMariadb } from './support/project.mjs';
import { Generator, differences, kindsOf, list, one, randomness, sqlText } from './support/random.mjs';

const seed = Number(process.env.SEED ?? (process.env.CI ? 1 : Math.floor(Math.random() * 2 ** 31)));
const schemas = Number(process.env.SCHEMAS ?? 3), count = Number(process.env.OPERATIONS ?? 300), rows = 30;

const words = ['k1', 'k2', 'k10', 'K1', 'ab', 'aB', 'b', '', '%', "it's", 'naïve', 'k'];
const nativeType = { int: 'integer', bigint: 'bigint', decimal: 'numeric(6,2)', float: 'double precision', text: 'text', bool: 'boolean', date: 'date', time: 'timestamptz', uuid: 'uuid', texts: 'text[]', json: 'jsonb' };
if (differs('list_columns')) delete nativeType.texts;
const mariadbType = { float: 'double', text: 'varchar(191)', time: 'datetime(6)', json: 'json' };
// A value's SQL as MariaDB takes it.
const mariadbValue = sql => sql.replace(/^uuid /, '').replace(/::jsonb$/, '').replace(/^timestamptz '(.*)T(.*)Z'$/, "'$1 $2'");
const comparable = [['int', 'bigint', 'decimal', 'float'], ['text'], ['bool'], ['date'], ['time'], ['uuid']];
const uuid = i => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
// The i-th value of a key column, as SQL.
const keyValue = { int: i => String(i), text: i => sqlText(`k${i}`), uuid: i => sqlText(uuid(i)) };
const keys = [[['id', 'int']], [['id', 'uuid']], [['code', 'text']], [['a', 'int'], ['b', 'text']], [['a', 'int'], ['b', 'uuid'], ['c', 'text']]];

// { ddl, tables }: a database's text and its description for the generator.
function database(random, kinds) {
  const { below, chance, pick, many } = random, ddl = [], mariadb = [], tables = {}, keysOf = {};
  const names = ['boat', 'tree', 'house', 'river', 'cloud', 'stone'].slice(0, 3 + below(4));
  const upper = name => name[0].toUpperCase() + name.slice(1);
  const add = (name, columns, values, constraints) => {
    ddl.push(`CREATE TABLE ${name} (${[...columns.map(([column, kind, mark]) => `${column} ${nativeType[kind]} ${mark}`), ...constraints].join(', ')});`,
      `INSERT INTO ${name} VALUES ${values.map(row => `(${row.join(', ')})`).join(', ')} ON CONFLICT DO NOTHING;`);
    mariadb.push(`CREATE TABLE ${name} (${[...columns.map(([column, kind, mark]) => `${column} ${mariadbType[kind] ?? nativeType[kind]} ${mark}`), ...constraints].join(', ')});`,
      `INSERT IGNORE INTO ${name} VALUES ${values.map(row => `(${row.map(mariadbValue).join(', ')})`).join(', ')};`);
    const kindOf = Object.fromEntries(columns.map(([column, kind]) => [column, kind]));
    const compare = comparable.map(group => Object.keys(kindOf).filter(column => group.includes(kindOf[column]))).filter(group => group.length > 1);
    tables[name] = { key: keysOf[name].map(([column]) => column), list: `list${upper(name)}s`, type: upper(name), columns: kindOf, relations: {}, compare };
  };
  for (const [t, name] of names.entries()) {
    const key = (keysOf[name] = pick(keys)), columns = key.map(([column, kind]) => [column, kind, 'NOT NULL']);
    const values = many(rows, (_, i) => key.map(([, kind]) => keyValue[kind](1 + i)));
    const constraints = [`PRIMARY KEY (${key.map(([column]) => column).join(', ')})`], related = [];
    for (const n of Array(2 + below(5)).keys()) {
      const kind = pick(Object.keys(nativeType)), nullable = chance(0.5);
      columns.push([`${kind}_${n}`, kind, nullable ? '' : 'NOT NULL']);
      for (const row of values) row.push(nullable && chance(0.3) ? 'NULL' : kinds[kind].value()[1]);
    }
    for (const target of names.slice(0, t + 1).filter(() => chance(0.5))) {
      const mine = keysOf[target].map(([column]) => `${target}_${column}`), unique = target !== name && chance(0.2), nullable = target === name || chance(0.5);
      for (const [i, [, kind]] of keysOf[target].entries()) columns.push([mine[i], kind, nullable ? '' : 'NOT NULL']);
      for (const [i, row] of values.entries()) {
        const n = unique ? i + 1 : 1 + below(target === name ? Math.max(i, 1) : rows);
        // A key of which a part is missing names nobody.
        row.push(...keysOf[target].map(([, kind]) => (nullable && chance(0.2) ? 'NULL' : keyValue[kind](n))));
      }
      constraints.push(`FOREIGN KEY (${mine.join(', ')}) REFERENCES ${target} (${keysOf[target].map(([column]) => column).join(', ')})`);
      if (unique) constraints.push(`UNIQUE (${mine.join(', ')})`);
      related.push({ target, mine, unique });
    }
    add(name, columns, values, constraints);
    for (const { target, mine, unique } of related) {
      tables[name].relations[target] = one(target, (p, c) => mine.map((column, i) => `${c}.${keysOf[target][i][0]} = ${p}.${column}`).join(' AND '));
      const back = (p, c) => mine.map((column, i) => `${c}.${column} = ${p}.${keysOf[target][i][0]}`).join(' AND ');
      tables[target].relations[target === name ? `other_${name}` : name] = (unique ? one : list)(name, back);
    }
  }
  for (const [i, a] of names.entries()) for (const b of names.slice(i + 1).filter(() => chance(0.3))) link(a, b);
  return { ddl: ddl.join('\n'), mariadb: mariadb.join('\n'), tables };

  function link(a, b) {
    const name = `${a}_${b}`, columnsOf = table => keysOf[table].map(([column, kind]) => [`${table}_${column}`, kind, 'NOT NULL']);
    const plain = table => columnsOf(table).map(([column]) => column), columns = [...columnsOf(a), ...columnsOf(b)];
    keysOf[name] = columns;
    const extra = chance(0.5) ? [['note', 'text', '']] : [];
    const values = many(rows * 2, () => { const n = 1 + below(rows), m = 1 + below(rows); return [...keysOf[a].map(([, kind]) => keyValue[kind](n)), ...keysOf[b].map(([, kind]) => keyValue[kind](m)), ...extra.map(() => kinds.text.value()[1])]; });
    add(name, [...columns, ...extra], values, [`PRIMARY KEY (${columns.map(([column]) => column).join(', ')})`, ...[a, b].map(table => `FOREIGN KEY (${plain(table).join(', ')}) REFERENCES ${table} (${keysOf[table].map(([column]) => column).join(', ')})`)]);
    for (const [near, far] of [[a, b], [b, a]]) {
      const is = (table, row, linked) => keysOf[table].map(([column]) => `${linked}.${table}_${column} = ${row}.${column}`).join(' AND ');
      tables[name].relations[near] = one(near, (p, c) => is(near, c, p));
      tables[near].relations[name] = list(name, (p, c) => is(near, p, c));
      tables[near].relations[`${far}s`] = list(far, (p, c) => `EXISTS (SELECT FROM ${name} lnk WHERE ${is(near, p, 'lnk')} AND ${is(far, c, 'lnk')})`);
    }
  }
}

let project, asked;
before(async () => { project = await Project.create(); asked = onMariadb ? await Project.create({ on: 'mariadb' }) : project; });
after(async () => { if (asked !== project) await asked.remove(); await project.remove(); });

// Servers that have to agree: on PostgreSQL one that asks for everything in one statement too.
async function serversOf({ ddl, mariadb }) {
  project.sql(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${ddl}`);
  if (differs('one_statement')) {
    asked.sql(`DROP DATABASE app; CREATE DATABASE app CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; USE app; ${mariadb}`);
    return [await asked.dev()];
  }
  return [await project.dev(), await project.beside('[database]\nround_trips = "one"\n')];
}

for (let i = 0; i < schemas; i++) {
  test(`database ${i}, ${count} random queries, SEED=${seed + i}`, async () => {
    console.log(`# SEED=${seed + i} SCHEMAS=1 OPERATIONS=${count}`);
    const random = randomness(seed + i), kinds = kindsOf(random, words), text = database(random, kinds);
    const servers = await serversOf(text);
    const generator = new Generator({ random, tables: text.tables, kinds, nullsSmallest: differs('null_order') });
    const wrong = await differences(servers, project, random.many(count, () => generator.query()));
    await servers[0].stop();
    await project.neighbour?.remove();
    assert.equal(wrong.length, 0, `${wrong.length} of ${count} differ, SEED=${seed + i} SCHEMAS=1; the smallest:\n${wrong[0]?.report}\n${text.ddl.replace(/INSERT.*/g, '')}`);
  });
}

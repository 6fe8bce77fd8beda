// tenon policy: what rules mean, shown for somebody, tested on the real database, and as row security.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { engine, onMariadb, Project } from './support/project.mjs';

const text = onMariadb ? 'varchar(100)' : 'text';
const rules = `
extend type note @auth(rules: [{ allow: owner }, { allow: groups, groups: ["staff"], operations: [read] }]) {
  salary: Int @auth(rules: [{ allow: groups, groups: ["hr"] }])
}
extend type team @auth(rules: [{ allow: private, where: { notes: { some: { owner: { eq: { claim: "sub" } } } } }, operations: [read] }])
`;
const cases = `
seed = "INSERT INTO note (id, team_id, owner, title) VALUES (901, 1, 'ada', 'hers'), (902, 1, 'bob', 'his')"

[principals.ada]
claims = { sub = "1", username = "ada" }

[principals.staff]
claims = { sub = "2", "cognito:groups" = ["staff"] }

[[case]]
name = "an owner reads her own"
as = "ada"
query = "{ listNotes(filter: { id: { ge: 901 } }) { items { id title } } }"
expect.data = '{"listNotes": {"items": [{"id": 901, "title": "hers"}]}}'

[[case]]
name = "staff read all"
as = "staff"
query = "query($from: Int!) { listNotes(filter: { id: { ge: $from } }) { items { id } } }"
variables = { from = 901 }
expect.count = 2

[[case]]
name = "a salary is for others"
as = "ada"
query = "{ getNote(id: 901) { title salary } }"
expect.data = '{"getNote": {"title": "hers", "salary": null}}'
expect.errors = ["Not Authorized to access salary on type note"]
`;

let project;
before(async () => {
  project = await Project.create({
    on: engine,
    sql: `CREATE TABLE team (id int PRIMARY KEY, name ${text} NOT NULL); CREATE TABLE note (id int PRIMARY KEY, team_id int REFERENCES team (id), owner ${text}, title ${text} NOT NULL, salary int);
      INSERT INTO team VALUES (1, 'a'), (2, 'b'); INSERT INTO note VALUES (1, 1, 'ada', 'x', 5), (2, 2, 'bob', 'y', 6)`,
    files: { 'api/rules.graphql': rules.replace('notes:', 'note:'), 'ada.json': '{"sub": "1", "username": "ada"}', 'hr.json': '{"cognito:groups": ["hr"]}', 'policy/notes.toml': cases },
  });
});
after(() => project.remove());

test('what somebody may do, with the conditions and the claims they are compared with', () => {
  const r = project.run(['policy', 'explain', 'note', '--as', 'ada.json']);
  assert.equal(r.status, 0, r.stderr);
  assert.match(r.stdout, /^note for userPools\n {2}get {6}rows of condition 1\n {2}list {5}rows of condition 1\n/);
  assert.match(r.stdout, /\n {2}create {3}rows that meet condition 1\n {2}update {3}rows of condition 1, before and after\n {2}delete {3}nothing\n/);
  assert.match(r.stdout, /note\.salary, which has rules of its own\n {2}read {5}nothing\n/);
  assert.match(r.stdout, /\ncondition 1\n.*owner/);
  assert.match(r.stdout, /parameter 1: claims sub::username, or sub, or username = .*1::ada/);
  const json = JSON.parse(project.check('policy', 'explain', 'note', '--as', 'ada.json', '--json'));
  assert.equal(json.operations.get.rows, 'some');
  assert.equal(json.operations.get.where.parameters.length, 1);
  assert.equal(json.operations.delete.rows, 'none');
  assert.equal(json.fields.salary.read.rows, 'none');
  assert.equal(JSON.parse(project.check('policy', 'explain', 'note', '--as', 'hr.json', '--json')).fields.salary.read.rows, 'all');
  assert.equal(JSON.parse(project.check('policy', 'explain', 'note', '--provider', 'apiKey', '--json')).operations.list.rows, 'none');
  assert.equal(JSON.parse(project.check('policy', 'explain', 'note', '--json')).provider, 'apiKey');
});

test('explain shows an operation as somebody has it, with the rules in its SQL', () => {
  project.write('q.graphql', '{ listNotes { items { id title salary } } }');
  const explain = (...args) => project.run(['explain', 'q.graphql', ...args]);
  const ada = explain('--as', 'ada.json');
  assert.equal(ada.status, 0, ada.stderr);
  assert.match(ada.stdout, /── statements \nSELECT .* WHERE .*owner/);
  assert.match(ada.stdout, /── claims \nclaims sub::username, or sub, or username = .*1::ada/);
  assert.match(ada.stdout, /salary: denied/);
  const ran = explain('--as', 'ada.json', '--analyze');
  assert.equal(ran.status, 0, ran.stderr);
  assert.match(ran.stdout, /statement 1: 1 rows in /);
  // Without anybody it is the developer's, whom no rule concerns.
  const developer = explain();
  assert.doesNotMatch(developer.stdout, /WHERE|── claims|Not Authorized/);
  assert.match(explain('--analyze').stdout, /statement 1: 2 rows in /);
  const nobody = explain('--provider', 'apiKey');
  assert.equal(nobody.status, 1);
  assert.match(nobody.stderr, /Not Authorized to access listNotes on type Query/);
  assert.doesNotMatch(nobody.stdout, /── statements/);
  // What is open of it is shown, then what is not.
  project.write('q.graphql', 'mutation { updateNote(input: { id: 1, title: "z" }) { id } deleteNote(input: { id: 1 }) { id } }');
  const some = explain('--as', 'ada.json');
  assert.equal(some.status, 1);
  assert.match(some.stdout, /── statements \n(UPDATE .*owner|.*owner.* UPDATE )/);
  assert.match(some.stderr, /Not Authorized to access deleteNote on type Mutation/);
  assert.match(explain('--guest', '--provider', 'x').stderr, /no provider x/);
});

test('what makes no sense is said', () => {
  assert.match(project.run(['policy', 'explain', 'nota', '--as', 'ada.json']).stderr, /There is no model nota\.[^]*note/);
  assert.match(project.run(['policy', 'explain', 'note', '--as', 'policy/notes.toml']).stderr, /no JSON object/);
  assert.match(project.run(['policy', 'explain', 'note', '--provider', 'x']).stderr, /no provider x/);
});

test('cases run on the real database and leave nothing behind', () => {
  const before = project.sql('SELECT count(*) FROM note');
  const r = project.run(['policy', 'test', 'policy/notes.toml']);
  assert.equal(r.status, 0, r.stdout + r.stderr);
  assert.match(r.stdout, /ok {6}an owner reads her own\nok {6}staff read all\nok {6}a salary is for others\n\n3 passed, 0 failed/);
  assert.equal(project.sql('SELECT count(*) FROM note'), before);
});

test('a case that fails says what came, and the exit code tells', () => {
  project.write('policy/wrong.toml', `${cases.slice(0, cases.indexOf('[[case]]'))}
[[case]]
name = "wrong data"
as = "ada"
query = "{ listNotes(filter: { id: { ge: 901 } }) { items { id } } }"
expect.data = '{"listNotes": {"items": []}}'
[[case]]
name = "wrong error"
as = "ada"
query = "{ listNotes { items { id } } }"
expect.errors = ["Not Authorized"]
[[case]]
name = "out of the transaction"
as = "ada"
seed = "COMMIT"
query = "{ listNotes { items { id } } }"
expect.count = 1
`);
  const r = project.run(['policy', 'test', 'policy/wrong.toml']);
  assert.equal(r.status, 1, r.stdout);
  assert.match(r.stdout, /FAILED {2}wrong data {2}\(policy\/wrong\.toml:\d+\)\n {8}expected data .*, got .*901/);
  assert.match(r.stdout, /FAILED {2}wrong error .*\n {8}expected the error "Not Authorized", got none/);
  assert.match(r.stdout, /FAILED {2}out of the transaction .*\n {8}its seed has a statement that cannot be rolled back/);
  assert.equal(project.run(['policy', 'test', 'policy/wrong.toml', '--filter', 'no such']).status, 0);
  project.write('policy/broken.toml', '[[case]]\nname = "x"\nas = "nobody"\nquery = "{ a }"\nexpect.rows = 3\n');
  const broken = project.run(['policy', 'test', 'policy/broken.toml']);
  assert.equal(broken.status, 1);
  assert.match(broken.stderr, /policy\/broken\.toml:3: there is no \[principals\.nobody\]/);
  assert.match(broken.stderr, /rows is no key here/);
});

test('row security says the same to a direct connection', { skip: onMariadb }, () => {
  const r = project.run(['policy', 'rls', '--role', 'reader']);
  assert.equal(r.status, 0, r.stderr);
  assert.match(r.stderr, /closed: note\.salary/);
  assert.match(r.stdout, /-- Not expressed, and therefore closed to this role:\n(-- {3}.*\n)*-- {3}note\.salary/);
  project.sql(r.stdout);
  project.sql(r.stdout);  // a second time replaces the first
  const as = (claims, query) => project.sql(`SET tenon.provider = 'userPools'; SET tenon.claims = '${claims}'; SET ROLE reader; ${query}`);
  assert.equal(as('{"sub": "1", "username": "ada"}', 'SELECT id FROM note'), '1');
  assert.equal(as('{"cognito:groups": ["staff"]}', 'SELECT id FROM note ORDER BY id'), '1\n2');
  assert.equal(as('{}', 'SELECT id FROM note'), '');
  assert.equal(as('{"sub": "ada"}', 'SELECT name FROM team'), 'a');
  assert.throws(() => as('{"sub": "1", "username": "ada"}', 'SELECT salary FROM note'), /permission denied/);
  assert.throws(() => as('{"sub": "1", "username": "ada"}', "INSERT INTO note (id, owner, title) VALUES (3, 'bob', 'z')"), /row-level security/);
  as('{"sub": "1", "username": "ada"}', "UPDATE note SET title = 'hacked' WHERE id = 2");
  assert.equal(project.sql('SELECT title FROM note WHERE id = 2'), 'y');
});

test('row security becomes a migration', { skip: onMariadb }, () => {
  project.check('pull');
  const out = project.check('policy', 'rls', '--migration', 'row security');
  assert.match(out, /Written: prisma\/migrations\/\d+_row_security\/migration\.sql/);
  const folder = readdirSync(`${project.dir}/prisma/migrations`).find(name => name.endsWith('_row_security'));
  assert.match(project.read(`prisma/migrations/${folder}/migration.sql`), /CREATE POLICY/);
});

test('MariaDB has no row security', { skip: !onMariadb }, () => {
  assert.match(project.run(['policy', 'rls']).stderr, /Row security is PostgreSQL's alone/);
});

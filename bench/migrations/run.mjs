// `make bench-migrations`: how long the commands of migrations take as whole programs, each beside another tool
// that does the same on the same server in the same run. Look at the ratios: they hold on any machine.
//   node bench/migrations/run.mjs [--tables 1000] [--migrations 500] [--runs 7]
// Needs build/tenon, pg_dump and `npm ci` here; Alembic (Debian: alembic, python3-psycopg2) joins where it is
// installed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { histories, prismaSchema } from './workload.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const top = join(here, '../..')
const tenon = join(top, 'build/tenon')
const { values } = parseArgs({
  options: { tables: { type: 'string', default: '1000' }, migrations: { type: 'string', default: '500' }, runs: { type: 'string', default: '7' } },
})
const [tables, migrations, runs] = [values.tables, values.migrations, values.runs].map(Number)
const work = join(top, 'build/bench-migrations')

function run(command, options = {}) {
  const done = spawnSync(command[0], command.slice(1), { encoding: 'utf8', maxBuffer: 1 << 28, ...options, env: { ...process.env, ...options.env } })
  const allowed = options.codes ?? [0]
  if (done.error || !allowed.includes(done.status)) throw new Error(`${command.join(' ')}: ${done.error ?? done.stderr + done.stdout}`)
  return done.stdout
}

rmSync(join(work, 'files'), { recursive: true, force: true })
mkdirSync(join(work, 'files'), { recursive: true })
mkdirSync(join(work, 'project'), { recursive: true })
const project = { cwd: join(work, 'project') }
run([tenon, 'db', 'start'], project)
const server = run([tenon, 'db', 'url'], project).trim()
const urlOf = database => Object.assign(new URL(server), { pathname: `/${database}` }).href
const sql = text => run(['psql', server, '-XAtqc', text])
function createDatabase(name) {
  sql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  sql(`CREATE DATABASE ${name}`)
  return urlOf(name)
}

const median = times => times.sort((a, b) => a - b)[times.length >> 1]
// The contenders take turns, so that whatever else the machine does meets all alike. `prepare` is not counted.
function contest(contenders, rounds = runs) {
  const times = contenders.map(() => [])
  for (let round = -1; round < rounds; round++)
    contenders.forEach(({ prepare, command, options }, i) => {
      prepare?.()
      const begin = performance.now()
      run(command, options)
      if (round >= 0) times[i].push(performance.now() - begin)
    })
  return times.map(median)
}

const rows = []
function report(what, contenders, times, goal) {
  contenders.forEach(({ name }, i) =>
    rows.push([i === 0 ? what : '', name, times[i].toFixed(0), i === 0 ? '' : (times[0] / times[i]).toFixed(2), i === 0 ? goal : '']))
}

// --- a large schema
const file = name => join(work, 'files', name)
writeFileSync(file('a.prisma'), prismaSchema(tables))
writeFileSync(file('b.prisma'), prismaSchema(tables, 20))
writeFileSync(file('a.sql'), run([tenon, 'migrate', 'diff', '--from-empty', '--to-schema', file('a.prisma'), '--script'], project))
const large = createDatabase('large')
run(['psql', large, '-Xq', '-v', 'ON_ERROR_STOP=1', '-1', '-f', file('a.sql')])

const reading = [
  { name: 'tenon pull --print', command: [tenon, 'pull', '--url', large, '--print'], options: project },
  { name: 'pg_dump --schema-only', command: ['pg_dump', '--schema-only', large] },
]
const readingTimes = contest(reading)
report(`read a database of ${tables} tables`, reading, readingTimes, '≤ 2 × pg_dump')

const comparing = [{
  name: 'tenon migrate diff, two files',
  command: [tenon, 'migrate', 'diff', '--from-schema', file('a.prisma'), '--to-schema', file('b.prisma'), '--script'],
  options: project,
}]
report('20 changes', comparing, contest(comparing), '< 200 ms')
const comparingDatabase = [
  {
    name: 'tenon migrate diff, database and file',
    command: [tenon, 'migrate', 'diff', '--from-url', large, '--to-schema', file('b.prisma'), '--script'],
    options: project,
  },
  reading[0],
]
report('20 changes', comparingDatabase, contest(comparingDatabase), '≤ reading + 100 ms')

// --- a long history
const folders = histories(join(work, 'files/histories'), migrations)
writeFileSync(file('drizzle.config.json'), JSON.stringify({ dialect: 'postgresql', out: folders.drizzle, dbCredentials: { url: urlOf('drizzle') } }))
writeFileSync(join(work, 'project/tenon.toml'), `[migrations]\npath = "${folders.tenon}"\n`)
const bin = name => join(here, 'node_modules/.bin', name)
const tools = [
  { name: 'tenon migrate deploy', database: 'tenon', command: [tenon, 'migrate', 'deploy', '--url', urlOf('tenon')], options: project },
  {
    name: 'dbmate up', database: 'dbmate',
    command: [bin('dbmate'), '--url', `${urlOf('dbmate')}?sslmode=disable`, '--migrations-dir', folders.dbmate, '--no-dump-schema', 'up'],
  },
  { name: 'drizzle-kit migrate', database: 'drizzle', command: [bin('drizzle-kit'), 'migrate', '--config', file('drizzle.config.json')], options: { cwd: here } },
]
const alembic = ['/usr/bin/alembic'].find(existsSync)
if (alembic)
  tools.push({
    name: 'alembic upgrade head', database: 'alembic', command: [alembic, '-c', join(folders.alembic, 'alembic.ini'), 'upgrade', 'head'],
    options: { env: { ALEMBIC_URL: urlOf('alembic') } },
  })
const applying = tools.map(tool => ({ ...tool, prepare: () => createDatabase(tool.database) }))
report(`apply ${migrations} small migrations`, applying, contest(applying, Math.min(runs, 5)), '≤ dbmate')
report('nothing to apply', tools, contest(tools), '30 ms')

run([tenon, 'db', 'stop'], project)
const head = ['what', 'by', 'ms', 'tenon ÷ this', 'goal']
const widths = head.map((_, i) => Math.max(...[head, ...rows].map(row => row[i].length)))
const line = cells => `| ${cells.map((cell, i) => (i === 2 || i === 3 ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`
console.log([line(head), `|${widths.map((width, i) => (i === 2 || i === 3 ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`, ...rows.map(line)].join('\n'))

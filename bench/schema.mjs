// How long a large schema takes to be checked and to be formatted: `tenon schema validate` and `format` as
// programs, and Prisma's own validator and formatter in this process, on the same file in the same run.
//   node bench/schema.mjs [--models 1000] [--runs 9]      needs build/tenon and `npm ci` in tests/npm
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const top = join(dirname(fileURLToPath(import.meta.url)), '..')
const { values } = parseArgs({ options: { models: { type: 'string', default: '1000' }, runs: { type: 'string', default: '9' } } })
const models = Number(values.models)
const runs = Number(values.runs)

const configuration = 'datasource db {\n  provider = "postgresql"\n}\n'

function model(i) {
  const next = (i + 1) % models
  const previous = (i + models - 1) % models
  return `/// Row ${i}
model Model${i} {
  id        Int           @id @default(autoincrement())
  name      String        @db.VarChar(100)
  email     String?       @unique
  status    Status${i % 50}
  createdAt DateTime      @default(now()) @map("created_at")
  price     Decimal       @default(1.5) @db.Decimal(10, 2)
  tags      String[]
  data      Json?
  parentId  Int?
  parent    Model${next}? @relation("r${i}", fields: [parentId], references: [id], onDelete: Cascade)
  children  Model${previous}[] @relation("r${previous}")

  @@index([name, createdAt(sort: Desc)])
  @@index([status], map: "by_status_${i}")
  @@map("table_${i}")
}
`
}

function schema() {
  const parts = [configuration]
  for (let i = 0; i < models; i++) parts.push(model(i))
  for (let i = 0; i < 50; i++) parts.push(`enum Status${i} {\n  open\n  done @map("finished")\n}\n`)
  return parts.join('\n')
}

function median(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]
}

function time(run) {
  run()
  const times = []
  for (let i = 0; i < runs; i++) {
    const begin = performance.now()
    run()
    times.push(performance.now() - begin)
  }
  return median(times)
}

function tenon(...args) {
  const { status, stderr } = spawnSync(join(top, 'build', 'tenon'), ['schema', ...args])
  if (status !== 0) throw new Error(`tenon schema ${args.join(' ')}: ${stderr}`)
}

const folder = mkdtempSync(join(tmpdir(), 'tenon-bench-'))
try {
  const text = schema()
  const large = join(folder, 'large.prisma')
  const empty = join(folder, 'empty.prisma')
  writeFileSync(large, text)
  writeFileSync(empty, configuration)
  const wasm = createRequire(join(top, 'tests', 'npm', 'package.json'))('@prisma/prisma-schema-wasm')
  const files = JSON.stringify([[large, text]])
  const position = { textDocument: { uri: `file://${large}` }, options: { tabSize: 2, insertSpaces: true } }
  const start = time(() => tenon('validate', '--schema', empty))
  const check = time(() => tenon('validate', '--schema', large))
  tenon('format', '--schema', large)
  const format = time(() => tenon('format', '--check', '--schema', large))
  const prismaCheck = time(() => wasm.validate(JSON.stringify({ prismaSchema: [[large, text]], noColor: true })))
  const prismaFormat = time(() => wasm.format(files, JSON.stringify(position)))
  const row = (...cells) => console.log(`${cells[0].padEnd(28)}${cells[1].padStart(9)}${cells[2].padStart(9)}`)
  console.log(`${models} models, ${Math.round(text.length / 1000)} kB, median of ${runs} runs, milliseconds`)
  row('', 'check', 'format')
  row('tenon schema', check.toFixed(1), format.toFixed(1))
  row('  of them the start', start.toFixed(1), start.toFixed(1))
  row('@prisma/prisma-schema-wasm', prismaCheck.toFixed(1), prismaFormat.toFixed(1))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

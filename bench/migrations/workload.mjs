// What the measurements of run.mjs are taken on: a large schema, the same with a few changes, and a long
// history of small migrations in the layout of each tool.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// A model of twelve columns with a key of its own, a unique one, an index and a reference to its neighbour.
function model(i, count, change) {
  const next = (i + 1) % count
  const previous = (i + count - 1) % count
  const fields = [
    'id        Int      @id @default(autoincrement())',
    `name      String   @db.VarChar(${change === 'longer' ? 200 : 100})`,
    'email     String   @unique',
    'status    String   @default("new")',
    `created   DateTime ${change === 'default' ? '' : '@default(now())'} @db.Timestamptz(6)`,
    'price     Decimal? @db.Decimal(10, 2)',
    'weight    Float?',
    `visible   Boolean${change === 'nullable' ? '?' : ''}`,
    'amount    BigInt?',
    'document  Json?',
    'day       DateTime? @db.Date',
    'next_id   Int',
    `next      Model${next} @relation("r${i}", fields: [next_id], references: [id], onDelete: Cascade)`,
    `previous  Model${previous}[] @relation("r${previous}")`,
  ]
  if (change === 'column') fields.push('added     String?')
  const attributes = [`@@index([name, created])`, `@@map("table_${i}")`]
  if (change === 'index') attributes.push('@@index([status])')
  return `model Model${i} {\n${[...fields, ...attributes].map(line => `  ${line}\n`).join('')}}\n`
}

const kinds = ['longer', 'default', 'nullable', 'column', 'index']

// `changed` of the models differ from those of prismaSchema(tables, 0).
export function prismaSchema(tables, changed = 0) {
  const models = Array.from({ length: tables }, (_, i) => model(i, tables, i < changed ? kinds[i % kinds.length] : ''))
  return `datasource db {\n  provider = "postgresql"\n}\n\n${models.join('\n')}`
}

const statement = i => `CREATE TABLE "t${i}" (id integer PRIMARY KEY, name text NOT NULL);`
const stamp = i => String(20260101000000 + i)

// The same migrations for each tool, one table each; the folder of each.
export function histories(folder, count) {
  const at = name => {
    const path = join(folder, name)
    mkdirSync(path, { recursive: true })
    return path
  }
  const numbers = Array.from({ length: count }, (_, i) => i)
  const tenon = at('tenon')
  writeFileSync(join(tenon, 'migration_lock.toml'), 'provider = "postgresql"\n')
  for (const i of numbers) writeFileSync(join(at(`tenon/${stamp(i)}_t${i}`), 'migration.sql'), `${statement(i)}\n`)
  const dbmate = at('dbmate')
  for (const i of numbers)
    writeFileSync(join(dbmate, `${stamp(i)}_t${i}.sql`), `-- migrate:up\n${statement(i)}\n\n-- migrate:down\nDROP TABLE "t${i}";\n`)
  const drizzle = at('drizzle')
  const entries = numbers.map(i => ({ idx: i, version: '7', when: 1767225600000 + i, tag: `${String(i).padStart(4, '0')}_t${i}`, breakpoints: true }))
  writeFileSync(join(at('drizzle/meta'), '_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }))
  for (const { idx, tag } of entries) writeFileSync(join(drizzle, `${tag}.sql`), `${statement(idx)}\n`)
  const alembic = at('alembic')
  for (const i of numbers)
    writeFileSync(join(at('alembic/versions'), `r${i}.py`), [
      'from alembic import op', `revision = "r${i}"`, `down_revision = ${i === 0 ? 'None' : `"r${i - 1}"`}`,
      'def upgrade():', `    op.execute('${statement(i)}')`, 'def downgrade():', `    op.execute('DROP TABLE "t${i}"')`, ''].join('\n'))
  writeFileSync(join(alembic, 'env.py'), [
    'import os', 'from alembic import context', 'from sqlalchemy import create_engine',
    'with create_engine(os.environ["ALEMBIC_URL"]).connect() as connection:',
    '    context.configure(connection=connection, transaction_per_migration=True)',
    '    with context.begin_transaction():', '        context.run_migrations()', ''].join('\n'))
  writeFileSync(join(alembic, 'alembic.ini'), `[alembic]\nscript_location = ${alembic}\n`)
  return { tenon, dbmate, drizzle, alembic }
}

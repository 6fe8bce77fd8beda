// Asks Prisma's own validator about schema files:
//   node validate-prisma.mjs schema.prisma…   every file or folder is one schema; problems are printed, exit 1
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import wasm from '@prisma/prisma-schema-wasm'

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true })
    .filter((name) => name.endsWith('.prisma'))
    .sort()
    .map((name) => join(path, name))
}

// Errors are the text that `prisma validate` prints; warnings have no place in it and come from the linter.
function problemsOf(files) {
  const schema = files.map((path) => [path, readFileSync(path, 'utf8')])
  const problems = []
  try {
    wasm.validate(JSON.stringify({ prismaSchema: schema, noColor: true }))
  } catch (error) {
    let text = error.message
    try {
      text = JSON.parse(text).message
    } catch {
      // not an answer of the validator: show it as it is
    }
    problems.push(text)
  }
  const warnings = JSON.parse(wasm.lint(JSON.stringify(schema))).filter((found) => found.is_warning)
  return { problems, warnings: warnings.map((found) => `warning: ${found.text}`) }
}

const paths = process.argv.slice(2)
if (paths.length === 0) {
  console.error('usage: node validate-prisma.mjs FILE-OR-FOLDER…')
  process.exit(2)
}
let failed = 0
for (const path of paths) {
  const { problems, warnings } = problemsOf(filesOf(path))
  for (const text of [...problems, ...warnings]) console.log(`${path}: ${text}`)
  if (problems.length > 0) failed += 1
}
console.log(`${paths.length - failed} of ${paths.length} schemas are valid`)
process.exit(failed > 0 ? 1 : 0)

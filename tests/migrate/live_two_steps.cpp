#include <string>

#include <fmt/format.h>

#include "migrate/diff.h"
#include "migrate/expand.h"
#include "migrate/render.h"
#include "migrate/target.h"
#include "tests/migrate/live.h"

namespace tenon::test {

using namespace migrate;
using catalog::Catalog;

namespace {

std::string run_statements(const LiveDatabase& database, const std::string& text) {
  for (const sql::ScriptStatement& each : split_script(database.engine, text))
    if (const std::string problem = database.run(std::string(each.text(text))); !problem.empty())
      return fmt::format("does not run: {}\n{}\nof\n{}", problem, each.text(text), text);
  return {};
}

}  // namespace

std::string change_in_two_steps(const LiveDatabase& database, const Catalog& before, const Catalog& wanted,
                                const DiffOptions& options) {
  const Expanded expanded = expand(diff({&before, &wanted}, options), options);
  const Script script = render(diff({&expanded.made, &wanted}, options), {.online = true});
  std::string first = expand_lines(expanded.expansions) + expanded.script;
  if (!script.empty()) first += "\n" + to_text(script);
  if (std::string problem = run_statements(database, first); !problem.empty()) return problem;
  const Catalog between = database.introspect();
  const Catalog seen = settled(between, expanded.expansions, options.default_schema);
  if (const Difference rest = diff({&seen, &wanted}, options); !rest.empty())
    return fmt::format("remains after the first step:\n{}\nafter\n{}", to_text(render(rest)), first);
  const std::string second = contract(between, expanded.expansions, options.default_schema);
  if (std::string problem = run_statements(database, second); !problem.empty())
    return fmt::format("{}\nafter\n{}", problem, first);
  const Catalog now = database.introspect();
  const Difference rest = diff({&now, &wanted}, options);
  return rest.empty() ? "" : fmt::format("remains:\n{}\nafter\n{}\n{}", to_text(render(rest)), first, second);
}

}  // namespace tenon::test

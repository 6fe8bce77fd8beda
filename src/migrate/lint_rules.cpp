// The codes of findings, what they mean to deploy, and what to do instead.
#include <algorithm>
#include <array>

#include "migrate/lint.h"

namespace tenon::migrate {

namespace {

using enum HazardKind;
using Gate = LintRule::Gate;
using enum LockLevel;

constexpr std::string_view later = "drop it in a later migration, when no running version uses it";
constexpr std::string_view two_steps =
    "first a migration that adds the new beside the old (--online), later one that removes the old";
constexpr std::string_view build_first =
    "CREATE UNIQUE INDEX CONCURRENTLY first, then ADD CONSTRAINT … USING INDEX (--online)";
constexpr std::string_view validate_later =
    "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in a statement of its own (--online)";

constexpr std::array rules{
    LintRule{"drop-table", data_loss, Gate::with_rows, access_exclusive, later},
    LintRule{"drop-column", data_loss, Gate::with_rows, access_exclusive, later},
    LintRule{"drop-schema", data_loss, Gate::always, access_exclusive, "drop what is in it, table by table"},
    LintRule{"drop-database", data_loss, Gate::always, access_exclusive, "that is nothing for a migration"},
    LintRule{"drop-cascade", data_loss, Gate::always, access_exclusive,
             "without CASCADE, after what depends on it was dropped by its name"},
    LintRule{"truncate", data_loss, Gate::with_rows, access_exclusive, "DELETE with a WHERE, in batches"},
    LintRule{"delete-all-rows", data_loss, Gate::with_rows, none, "a WHERE that says which rows"},
    LintRule{"lossy-type", data_loss, Gate::with_rows, none,
             "look for values that do not fit first; or a new column beside the old one"},
    LintRule{"table-rewrite", rewrite, Gate::by_size, access_exclusive,
             "a new column, filled a few rows at a time, then switch"},
    LintRule{"update-all-rows", rewrite, Gate::by_size, none,
             "-- tenon: batch 5000 above it, and a WHERE that holds for no row that is done"},
    LintRule{"blocking-index", lock, Gate::by_size, share, "CREATE INDEX CONCURRENTLY (--online)"},
    LintRule{"blocking-reindex", lock, Gate::by_size, access_exclusive, "REINDEX … CONCURRENTLY"},
    LintRule{"blocking-foreign-key", lock, Gate::by_size, share_row_exclusive, validate_later},
    LintRule{"blocking-check", lock, Gate::by_size, access_exclusive, validate_later},
    LintRule{"blocking-unique", lock, Gate::by_size, access_exclusive, build_first},
    LintRule{"blocking-primary-key", lock, Gate::by_size, access_exclusive, build_first},
    LintRule{"blocking-exclusion", lock, Gate::by_size, access_exclusive, ""},
    LintRule{"blocking-not-null", lock, Gate::by_size, access_exclusive,
             "ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT, then SET NOT NULL "
             "(--online)"},
    LintRule{"blocking-refresh", lock, Gate::by_size, access_exclusive,
             "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index"},
    LintRule{
        "blocking-partition", lock, Gate::by_size, access_exclusive,
        "DETACH PARTITION … CONCURRENTLY; before ATTACH a validated CHECK that says the same as the bounds"},
    LintRule{"blocking-alter", lock, Gate::by_size, share, "a tool that copies beside the table, as gh-ost"},
    LintRule{"lock-table", lock, Gate::by_size, access_exclusive,
             "rely on the locks that statements take by themselves"},
    LintRule{"brief-lock", lock, Gate::none, access_exclusive, "DROP INDEX CONCURRENTLY (--online)"},
    LintRule{"required-column", may_fail, Gate::none, none,
             "add it with a default, or as optional: fill it, then make it required"},
    LintRule{"null-values", may_fail, Gate::none, none, "fill the column first"},
    LintRule{"duplicate-values", may_fail, Gate::none, none, "look for duplicates first"},
    LintRule{"missing-reference", may_fail, Gate::none, none, "look for rows that name nothing first"},
    LintRule{"check-violation", may_fail, Gate::none, none, "look for rows that break it first"},
    LintRule{"failing-cast", may_fail, Gate::none, none, "look for values that cannot be converted first"},
    LintRule{"rename-table", breaks_running_code, Gate::none, none, two_steps},
    LintRule{"rename-column", breaks_running_code, Gate::none, none, two_steps},
    LintRule{"rename-type", breaks_running_code, Gate::none, none, ""},
    LintRule{"rename-value", breaks_running_code, Gate::none, none,
             "add the new value, and switch to it later"},
    LintRule{"removed-in-use", breaks_running_code, Gate::none, none, later},
    LintRule{"changed-type", breaks_running_code, Gate::none, none, two_steps},
    LintRule{"needs-value", breaks_running_code, Gate::none, none,
             "require it in a later migration, when every running version writes it"},
    LintRule{"row-security", breaks_running_code, Gate::none, none,
             "create the policies before it is enabled"},
    LintRule{"revoke", breaks_running_code, Gate::none, none, ""},
    LintRule{"unknown-statement", may_fail, Gate::none, none, ""},
};

}  // namespace

std::span<const LintRule> lint_rules() { return rules; }

const LintRule* find_lint_rule(std::string_view code) {
  const auto found = std::ranges::find(rules, code, &LintRule::code);
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace tenon::migrate

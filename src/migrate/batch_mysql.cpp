// Batches by ranges of the primary key where it is one column of numbers or text, and else by LIMIT.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "migrate/batch.h"
#include "migrate/ddl.h"

namespace tenon::migrate {

namespace {

// The column of a primary key of one column whose values can be written as a literal.
constexpr std::string_view key_column =
    "SELECT c.COLUMN_NAME, c.DATA_TYPE FROM information_schema.COLUMNS c"
    " WHERE c.TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND c.TABLE_NAME = ? AND c.COLUMN_KEY = "
    "'PRI'";
constexpr std::string_view estimated_rows =
    "SELECT COALESCE(MAX(TABLE_ROWS), 0) FROM information_schema.TABLES"
    " WHERE TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND TABLE_NAME = ?";

std::uint64_t number_of(const std::string& digits) {
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::string in_backticks(std::string_view name) { return quote_name(catalog::Engine::mysql, name); }
// A number in quotes is a number where it is compared with one.
std::string literal(std::string_view value) { return quote_text(catalog::Engine::mysql, value); }

class Walk final : public BatchWalk {
 public:
  explicit Walk(BatchWork work) : work_(std::move(work)) {
    const sql::ObjectName& name = work_.read.table;
    table_ = (name.schema.empty() ? "" : in_backticks(name.schema) + ".") + in_backticks(name.name);
    if (!work_.read.alias.empty()) table_ += " AS " + in_backticks(work_.read.alias);
  }

  sql::DatabaseResult<BatchOutcome> next(Session& session) override {
    if (!measured_)
      if (auto done = look(session); !done) return std::unexpected(done.error());
    if (!begun_)
      if (auto done = start_pass(session); !done) return std::unexpected(done.error());
    if (auto done = find_end(session); !done) return std::unexpected(done.error());
    return run_batch(session);
  }

  void kept(const BatchOutcome& outcome) override {
    changed_ += outcome.changed;
    seen_ += work_.rows;
    from_ = to_;
    if (!is_last_of_pass(outcome)) return;
    begun_ = false;
    from_.reset();
    changed_ = seen_ = 0;
  }

 private:
  bool by_key() const { return !key_.empty() && last_; }
  bool is_last_of_pass(const BatchOutcome& outcome) const {
    return by_key() ? to_ == last_ : outcome.changed < work_.rows;
  }

  sql::DatabaseResult<std::string> ask(Session& session, const std::string& statement) const {
    const auto rows = session.run(statement);
    if (!rows) return std::unexpected(rows.error());
    return cell(*rows);
  }

  sql::DatabaseResult<void> look(Session& session) {
    const Row table{work_.read.table.schema, work_.read.table.name};
    const auto columns = session.query(std::string(key_column), table);
    if (!columns) return std::unexpected(columns.error());
    const auto rows = session.query(std::string(estimated_rows), table);
    if (!rows) return std::unexpected(rows.error());
    rows_ = std::max<std::uint64_t>(number_of(cell(*rows)), 1);
    if (columns->size() == 1) {
      const std::string type = columns->front()[1].value_or("");
      if (type.ends_with("int") || type == "varchar" || type == "char")
        key_ = in_backticks(columns->front()[0].value_or(""));
    }
    measured_ = true;
    return {};
  }

  sql::DatabaseResult<void> start_pass(Session& session) {
    begun_ = true;
    if (key_.empty()) return {};
    const auto rows = session.run(fmt::format("SELECT MAX({}) FROM {}", key_, table_));
    if (!rows) return std::unexpected(rows.error());
    last_ = rows->front().front();
    return {};
  }

  // The key at which the batch ends.
  sql::DatabaseResult<void> find_end(Session& session) {
    if (!by_key()) return {};
    const std::string behind = from_ ? fmt::format(" AND {} > {}", key_, literal(*from_)) : "";
    const auto rows =
        session.run(fmt::format("SELECT {0} FROM {1} WHERE {0} <= {2}{3} ORDER BY {0} LIMIT 1 OFFSET {4}",
                                key_, table_, literal(*last_), behind, work_.rows - 1));
    if (!rows) return std::unexpected(rows.error());
    to_ = rows->empty() ? last_ : rows->front().front();
    return {};
  }

  sql::DatabaseResult<BatchOutcome> run_batch(Session& session) {
    std::string condition = fmt::format("({}\n)", work_.statement.substr(work_.read.condition));
    if (by_key()) {
      condition += fmt::format(" AND {} <= {}", key_, literal(*to_));
      if (from_) condition += fmt::format(" AND {} > {}", key_, literal(*from_));
    }
    const std::string head = work_.statement.substr(0, work_.read.condition);
    const std::string limit = by_key() ? "" : fmt::format(" LIMIT {}", work_.rows);
    if (auto done = session.run(fmt::format("{} {}{}", head, condition, limit)); !done)
      return std::unexpected(done.error());
    const auto changed = ask(session, "SELECT ROW_COUNT()");
    if (!changed) return std::unexpected(changed.error());
    BatchOutcome outcome{.changed = number_of(*changed)};
    if (!work_.read.deletes && outcome.changed > 0)
      if (auto left = count_left(session, condition, outcome); !left) return std::unexpected(left.error());
    outcome.share = std::min(1.0, static_cast<double>(seen_ + work_.rows) / static_cast<double>(rows_));
    outcome.last = is_last_of_pass(outcome) && changed_ + outcome.changed == 0;
    return outcome;
  }

  // Rows that match behind the change: by key as many as were changed, for others may add some; else more
  // than the table can have had.
  sql::DatabaseResult<void> count_left(Session& session, const std::string& condition,
                                       BatchOutcome& outcome) {
    if (!by_key()) {
      if (!matching_) {
        const auto rows = ask(session, fmt::format("SELECT COUNT(*) FROM {} WHERE {}", table_, condition));
        if (!rows) return std::unexpected(rows.error());
        matching_ = number_of(*rows) + outcome.changed;
      }
      if (changed_ + outcome.changed > 2 * *matching_ + work_.rows)
        outcome.unchanged_condition = outcome.changed;
      return {};
    }
    const auto left = ask(session, fmt::format("SELECT COUNT(*) FROM {} WHERE {}", table_, condition));
    if (!left) return std::unexpected(left.error());
    if (number_of(*left) >= outcome.changed) outcome.unchanged_condition = number_of(*left);
    return {};
  }

  BatchWork work_;
  std::string table_;  // with its alias
  std::string key_;    // quoted; empty: LIMIT
  bool measured_ = false;
  bool begun_ = false;                     // the pass
  std::uint64_t rows_ = 1;                 // of the table, by statistics
  std::uint64_t seen_ = 0;                 // of the pass, about
  std::uint64_t changed_ = 0;              // in the pass
  std::optional<std::uint64_t> matching_;  // without a key: rows to change when it began
  std::optional<std::string> from_;        // the batch is behind this key …
  std::optional<std::string> to_;          // … up to this one
  std::optional<std::string> last_;        // of the pass; nullopt: no rows
};

}  // namespace

std::unique_ptr<BatchWalk> mysql_batches(BatchWork work) { return std::make_unique<Walk>(std::move(work)); }

}  // namespace tenon::migrate

// Batches by ranges of the blocks of the table, of all its partitions at once.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "migrate/batch.h"
#include "sql/fragment.h"

namespace tenon::migrate {

namespace {

// Of the table and what inherits from it: the blocks of the longest, and rows and blocks of all by
// statistics.
constexpr std::string_view measure =
    "WITH RECURSIVE tree(id) AS (SELECT pg_catalog.to_regclass($1)::oid"
    " UNION SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.id)"
    " SELECT coalesce(max(pg_catalog.pg_relation_size(c.oid)), 0) / current_setting('block_size')::bigint,"
    " coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint, coalesce(sum(c.relpages), 0)::bigint, count(*)"
    " FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.id WHERE c.relkind <> 'p'";

// Where statistics tell nothing.
constexpr std::uint64_t usual_rows_of_block = 60;
// As many as a block of 8 kB can hold; for servers that do not look a range of ctids up.
constexpr std::uint32_t rows_of_block_max = 300;

std::uint64_t number_in(const std::optional<std::string>& cell) {
  std::uint64_t value = 0;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), value);
  return value;
}

class Walk final : public BatchWalk {
 public:
  explicit Walk(BatchWork work) : work_(std::move(work)) {}

  sql::DatabaseResult<void> begin(Session& session) override { return session.begin(); }

  sql::DatabaseResult<BatchOutcome> next(Session& session) override {
    if (at_ == 0)
      if (auto measured = start_pass(session); !measured) return std::unexpected(measured.error());
    const auto rows = session.run(batch(session.server_version().at_least(14)));
    if (!rows) return std::unexpected(rows.error());
    BatchOutcome outcome{.changed = number_in(rows->front()[0]),
                         .unchanged_condition = number_in(rows->front()[1])};
    const std::uint64_t end = std::min(at_ + step_, blocks_);
    outcome.share = static_cast<double>(end) / static_cast<double>(blocks_);
    outcome.last = end == blocks_ && changed_ + outcome.changed == 0;
    return outcome;
  }

  void kept(const BatchOutcome& outcome) override {
    changed_ += outcome.changed;
    at_ += step_;
    if (at_ < blocks_) return;
    at_ = 0;
    changed_ = 0;
  }

  bool refused() override { return false; }

 private:
  sql::DatabaseResult<void> start_pass(Session& session) {
    const std::string table =
        sql::Text(sql::Quoting{}).qualified(work_.read.table.schema, work_.read.table.name).take();
    const auto rows = session.query(std::string(measure), {table});
    if (!rows) return std::unexpected(rows.error());
    const Row& row = rows->front();
    const std::uint64_t tuples = number_in(row[1]);
    const std::uint64_t pages = std::max<std::uint64_t>(number_in(row[2]), 1);
    const std::uint64_t tables = std::max<std::uint64_t>(number_in(row[3]), 1);
    const std::uint64_t rows_of_block =
        tuples == 0 ? usual_rows_of_block : std::max<std::uint64_t>(tuples / pages, 1);
    blocks_ = std::max<std::uint64_t>(number_in(row[0]), 1);
    step_ = std::max<std::uint64_t>(work_.rows / (rows_of_block * tables), 1);
    return {};
  }

  // The statement for blocks at_ … at_ + step_ - 1, and how many rows it changed. Rows that it leaves match
  // its condition no more, or else it is not one for batches.
  std::string batch(bool knows_ranges) const {
    const std::string_view text = work_.statement;
    const std::string condition = fmt::format("({}\n)", text.substr(work_.read.condition));
    const std::string part = knows_ranges
                                 ? fmt::format("ctid >= '({},0)' AND ctid < '({},0)'", at_, at_ + step_)
                                 : fmt::format(
                                       "ctid = ANY (ARRAY(SELECT pg_catalog.format('(%s,%s)', b, i)::tid FROM"
                                       " generate_series({}, {}) b, generate_series(1, {}) i))",
                                       at_, at_ + step_ - 1, rows_of_block_max);
    const std::string matches = work_.read.deletes ? "false" : condition;
    return fmt::format(
        "WITH changed AS ({} {} AND {} RETURNING {} AS matches)"
        " SELECT count(*), count(*) FILTER (WHERE matches) FROM changed",
        text.substr(0, work_.read.condition), condition, part, matches);
  }

  BatchWork work_;
  std::uint64_t blocks_ = 1;   // of the pass
  std::uint64_t step_ = 1;     // of the batch
  std::uint64_t at_ = 0;       // the block that is next
  std::uint64_t changed_ = 0;  // rows in this pass
};

}  // namespace

std::unique_ptr<BatchWalk> postgres_batches(BatchWork work) {
  return std::make_unique<Walk>(std::move(work));
}

}  // namespace tenon::migrate

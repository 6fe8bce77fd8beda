// Batches by ranges of the primary key, of the rows that nobody else has locked; and where the key is no way
// through the table, by LIMIT.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "migrate/batch.h"
#include "migrate/batch_key_mysql.h"
#include "migrate/ddl.h"
#include "migrate/table_rows_mysql.h"
#include "sql/mysql/capabilities.h"

namespace tenon::migrate {

namespace {

// Of one statement: from a thousand on MariaDB makes a table of them, and reads the whole other one.
constexpr std::size_t keys_max = 500;

std::uint64_t number_of(const std::string& digits) {
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::string in_backticks(std::string_view name) { return quote_name(catalog::Engine::mysql, name); }

class Walk final : public BatchWalk {
 public:
  explicit Walk(BatchWork work) : work_(std::move(work)), size_(work_.rows) {
    const sql::ObjectName& name = work_.read.table;
    table_ = (name.schema.empty() ? "" : in_backticks(name.schema) + ".") + in_backticks(name.name);
    if (!work_.read.alias.empty()) table_ += " AS " + in_backticks(work_.read.alias);
    condition_ = fmt::format("({}\n)", work_.statement.substr(work_.read.condition));
  }

  // Who waits while he has locks may be waited for by others that have what he wants, and InnoDB ends the one
  // that wrote least. So a batch waits for nothing, or where a server has no such setting for the shortest
  // time there is; and it locks rows without the gaps between them.
  sql::DatabaseResult<void> begin(Session& session) override {
    aimed_ = false;
    part_passed_over_ = 0;
    if (!measured_)
      if (auto done = look(session); !done) return done;
    refuses_ = sql::mysql::capabilities_of(session.server_version()).lock_without_wait;
    const auto set = session.run(
        fmt::format("SET lock_wait_timeout = {}, innodb_lock_wait_timeout = 1", refuses_ ? 0 : 1));
    if (!set) return std::unexpected(set.error());
    if (!locks_gaps_)
      if (auto done = session.run("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"); !done)
        return std::unexpected(done.error());
    return session.begin();
  }

  sql::DatabaseResult<BatchOutcome> next(Session& session) override {
    if (!begun_)
      if (auto done = start_pass(session); !done) return std::unexpected(done.error());
    auto outcome = by_key() ? run_part(session) : run_some(session);
    if (!outcome) return outcome;
    outcome->share = std::min(1.0, static_cast<double>(seen_ + size_) / static_cast<double>(rows_));
    outcome->moved = !again_ || outcome->changed > 0;
    if (!is_last_of_pass(*outcome) || changed_ + outcome->changed > 0) return outcome;
    outcome->last = passed_over_ + part_passed_over_ == 0;
    if (outcome->last) return outcome;
    end_pass();
    again_ = true;
    return std::unexpected(
        sql::DatabaseError{.failure = sql::Failure::timeout,
                           .sqlstate = "55P03",
                           .message = "other transactions hold locks of the rows that are left"});
  }

  void kept(const BatchOutcome& outcome) override {
    changed_ += outcome.changed;
    passed_over_ += part_passed_over_;
    seen_ += size_;
    if (outcome.changed > 0) again_ = false;
    const bool ended = is_last_of_pass(outcome);
    size_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(work_.rows, std::uint64_t{size_} * 2));
    from_ = to_;
    if (ended) end_pass();
  }

  // What a statement needs besides the rows that it changes: entries of indexes, rows of other tables. Fewer
  // rows need less of it, and one that cannot have it is left for the next pass.
  bool refused() override {
    if (!std::exchange(aimed_, false)) return false;
    if (size_ > 1) {
      size_ = std::max(size_ / 4, 1U);
      return true;
    }
    if (!by_key()) return false;
    ++passed_over_;
    ++seen_;
    from_ = to_;
    if (to_ != last_) return true;
    again_ = changed_ == 0;
    end_pass();
    return !again_;
  }

 private:
  bool by_key() const { return key_ && last_; }
  bool is_last_of_pass(const BatchOutcome& outcome) const {
    return by_key() ? to_ == last_ : outcome.changed < size_;
  }
  void end_pass() {
    begun_ = aimed_ = false;
    from_.reset();
    changed_ = seen_ = passed_over_ = 0;
  }

  sql::DatabaseResult<std::uint64_t> count(Session& session, const std::string& condition) const {
    const auto rows = session.run(fmt::format("SELECT COUNT(*) FROM {} WHERE {}", table_, condition));
    if (!rows) return std::unexpected(rows.error());
    return number_of(cell(*rows));
  }

  sql::DatabaseResult<void> look(Session& session) {
    const sql::ObjectName& table = work_.read.table;
    const auto rows = estimated_rows(session, table);
    if (!rows) return std::unexpected(rows.error());
    rows_ = std::max<std::uint64_t>(*rows, 1);
    auto key = BatchKey::read(session, table);
    if (!key) return std::unexpected(key.error());
    key_ = std::move(*key);
    if (!key_) {
      const auto matching = count(session, condition_);
      if (!matching) return std::unexpected(matching.error());
      matching_ = *matching;
    }
    // A server that logs statements, and not rows, takes changes of no other transactions.
    const auto logs = session.run("SELECT @@log_bin = 1 AND @@binlog_format = 'STATEMENT'");
    locks_gaps_ = logs && cell(*logs) == "1";
    measured_ = true;
    return {};
  }

  sql::DatabaseResult<void> start_pass(Session& session) {
    last_.reset();
    if (key_) {
      auto rows = session.run(
          fmt::format("SELECT {} FROM {} ORDER BY {} LIMIT 1", key_->selected(), table_, key_->descending()));
      if (!rows) return std::unexpected(rows.error());
      if (!rows->empty()) last_ = std::move(rows->front());
    }
    begun_ = true;
    return {};
  }

  // The key at which the batch ends, and so the condition that a row is of it.
  sql::DatabaseResult<std::string> aim(Session& session) {
    const std::string behind = from_ ? " AND " + key_->behind(*from_) : "";
    auto rows = session.run(fmt::format("SELECT {} FROM {} WHERE {}{} ORDER BY {} LIMIT 1 OFFSET {}",
                                        key_->selected(), table_, key_->up_to(*last_), behind,
                                        key_->ascending(), size_ - 1));
    if (!rows) return std::unexpected(rows.error());
    to_ = rows->empty() ? last_ : std::move(rows->front());
    aimed_ = true;
    return fmt::format("{} AND {}{}", condition_, key_->up_to(*to_), behind);
  }

  sql::DatabaseResult<BatchOutcome> run_part(Session& session) {
    const auto condition = aim(session);
    if (!condition) return std::unexpected(condition.error());
    const auto matching = count(session, *condition);
    if (!matching) return std::unexpected(matching.error());
    if (*matching == 0) return BatchOutcome{};
    const auto keys = session.run(fmt::format("SELECT {} FROM {} WHERE {} FOR UPDATE SKIP LOCKED",
                                              key_->selected(), table_, *condition));
    if (!keys) return std::unexpected(keys.error());
    if (*matching > keys->size()) part_passed_over_ = *matching - keys->size();
    return change_these(session, *keys);
  }

  sql::DatabaseResult<BatchOutcome> change_these(Session& session, const Rows& keys) {
    BatchOutcome outcome;
    std::uint64_t left = 0;
    if (auto done = refuse_waits(session); !done) return std::unexpected(done.error());
    for (std::size_t at = 0; at < keys.size(); at += keys_max) {
      const std::span<const Row> some = std::span(keys).subspan(at, std::min(keys_max, keys.size() - at));
      const std::string these = " AND " + key_->one_of(some);
      const auto changed = change(session, these);
      if (!changed) return std::unexpected(changed.error());
      outcome.changed += *changed;
      if (work_.read.deletes || *changed == 0) continue;
      const auto still = count(session, condition_ + these);
      if (!still) return std::unexpected(still.error());
      left += *still;
    }
    if (outcome.changed > 0 && left >= outcome.changed) outcome.unchanged_condition = left;
    return outcome;
  }

  // Of no rows in particular: it comes to no end when it has changed more than the table can have had.
  sql::DatabaseResult<BatchOutcome> run_some(Session& session) {
    aimed_ = true;
    if (auto done = refuse_waits(session); !done) return std::unexpected(done.error());
    const auto changed = change(session, fmt::format(" LIMIT {}", size_));
    if (!changed) return std::unexpected(changed.error());
    BatchOutcome outcome{.changed = *changed};
    if (!work_.read.deletes && changed_ + *changed > 2 * matching_ + work_.rows)
      outcome.unchanged_condition = *changed;
    return outcome;
  }

  // Not from the start: MariaDB breaks off a SELECT … SKIP LOCKED that may not wait, as error 1180.
  sql::DatabaseResult<void> refuse_waits(Session& session) const {
    if (!refuses_) return {};
    if (auto set = session.run("SET innodb_lock_wait_timeout = 0"); !set) return std::unexpected(set.error());
    return {};
  }

  sql::DatabaseResult<std::uint64_t> change(Session& session, const std::string& narrowed) const {
    const std::string head = work_.statement.substr(0, work_.read.condition);
    if (auto done = session.run(fmt::format("{} {}{}", head, condition_, narrowed)); !done)
      return std::unexpected(done.error());
    const auto changed = session.run("SELECT ROW_COUNT()");
    if (!changed) return std::unexpected(changed.error());
    return number_of(cell(*changed));
  }

  BatchWork work_;
  std::string table_;  // with its alias
  std::string condition_;
  std::uint32_t size_;  // rows of a batch: fewer when it was refused
  bool measured_ = false;
  bool refuses_ = false;         // the server can refuse what would wait
  bool locks_gaps_ = false;      // between rows too
  std::optional<BatchKey> key_;  // nullopt: LIMIT
  std::uint64_t rows_ = 1;       // of the table, by statistics
  std::uint64_t matching_ = 0;   // without a key: rows to change when it began

  bool begun_ = false;             // the pass
  bool again_ = false;             // the pass before changed nothing, for others had locked what was left
  std::uint64_t seen_ = 0;         // of the pass, about
  std::uint64_t changed_ = 0;      // in the pass
  std::uint64_t passed_over_ = 0;  // in the pass: rows that others have locked
  std::optional<Row> last_;        // key; nullopt: no rows

  bool aimed_ = false;  // it is known what is of the batch
  std::uint64_t part_passed_over_ = 0;
  std::optional<Row> from_;  // the batch is behind this key …
  std::optional<Row> to_;    // … up to this one
};

}  // namespace

std::unique_ptr<BatchWalk> mysql_batches(BatchWork work) { return std::make_unique<Walk>(std::move(work)); }

}  // namespace tenon::migrate

// The sending half of PostgresConnection. libpq only collects here (the socket does not block); the sync or
// flush request at the end puts everything on the wire at once.
#include "sql/postgres/connection.h"

namespace tenon::sql::postgres {

namespace {

Statement make_statement(std::string text) {
  const base::Hash128 hash = base::hash128(text);
  return {.text = std::move(text), .hash = hash};
}

const Statement& begin_statement(Begin begin) {
  static const Statement snapshot = make_statement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  static const Statement read_write = make_statement("BEGIN");
  static const Statement repeatable_read = make_statement("BEGIN ISOLATION LEVEL REPEATABLE READ");
  static const Statement serializable = make_statement("BEGIN ISOLATION LEVEL SERIALIZABLE");
  switch (begin) {
    case Begin::snapshot_read:
      return snapshot;
    case Begin::repeatable_read:
      return repeatable_read;
    case Begin::serializable:
      return serializable;
    default:
      return read_write;
  }
}

const Statement& end_statement(End end) {
  static const Statement commit = make_statement("COMMIT");
  static const Statement rollback = make_statement("ROLLBACK");
  return end == End::finish ? commit : rollback;
}

}  // namespace

bool PostgresConnection::send_exchange(const Exchange& exchange) {
  // BEGIN comes before anything else: what runs earlier would take the snapshot.
  if (exchange.begin != Begin::none &&
      !send_statement(begin_statement(exchange.begin), {}, Step::Kind::transaction))
    return false;
  if (unit_settings_ && !in_unit_ && !send_statement(*unit_settings_, {}, Step::Kind::transaction))
    return false;
  const std::vector<std::string> closing = std::exchange(to_close_, {});
  for (const std::string& name : closing)
    if (!send_close(name)) return false;
  for (const Call& call : exchange.calls)
    if (!send_statement(*call.statement, call.parameters, Step::Kind::call)) return false;
  if (exchange.end == End::keep_open) return send_flush();
  const bool in_transaction = in_transaction_ || exchange.begin != Begin::none;
  if (in_transaction && !send_statement(end_statement(exchange.end), {}, Step::Kind::transaction))
    return false;
  return send_sync();
}

bool PostgresConnection::send_statement(const Statement& statement, std::span<const Parameter> parameters,
                                        Step::Kind kind) {
  PGconn* pg = wire_->pg();
  bind(parameters);
  const int count = static_cast<int>(bound_.size());
  if (unnamed_only_) {
    steps_.push_back({.kind = kind});
    return PQsendQueryParams(pg, statement.text.c_str(), count, nullptr, bound_.data(), nullptr, nullptr,
                             0) != 0;
  }
  const std::string* name = cache_.find(statement.hash);
  if (name == nullptr) {
    name = &cache_.add(statement.hash);
    steps_.push_back({.kind = Step::Kind::prepare, .hash = statement.hash});
    if (PQsendPrepare(pg, name->c_str(), statement.text.c_str(), 0, nullptr) == 0) return false;
  }
  steps_.push_back({.kind = kind});
  if (PQsendQueryPrepared(pg, name->c_str(), count, bound_.data(), nullptr, nullptr, 0) == 0) return false;
  // Not earlier: in front of BEGIN even DEALLOCATE would take the snapshot.
  const auto evicted = cache_.evict_beyond_limit();
  return !evicted || send_close(*evicted);
}

bool PostgresConnection::send_close(const std::string& name) {
  if (!send_text(("DEALLOCATE " + name).c_str(), Step::Kind::close)) return false;
  steps_.back().name = name;
  return true;
}

bool PostgresConnection::send_text(const char* sql, Step::Kind kind) {
  steps_.push_back({.kind = kind});
  return PQsendQueryParams(wire_->pg(), sql, 0, nullptr, nullptr, nullptr, nullptr, 0) != 0;
}

bool PostgresConnection::send_sync() {
  steps_.push_back({.kind = Step::Kind::sync});
  sync_sent_ = true;
  return PQpipelineSync(wire_->pg()) != 0;
}

bool PostgresConnection::send_flush() {
  return PQsendFlushRequest(wire_->pg()) != 0 && PQflush(wire_->pg()) >= 0;
}

// libpq wants texts that end in NUL: they are copied behind one another.
void PostgresConnection::bind(std::span<const Parameter> parameters) {
  std::size_t size = 0;
  for (const Parameter& parameter : parameters) size += parameter ? parameter->size() + 1 : 0;
  bound_text_.clear();
  bound_text_.reserve(size);  // no reallocation below: pointers stay good
  bound_.clear();
  for (const Parameter& parameter : parameters) {
    if (!parameter) {
      bound_.push_back(nullptr);
      continue;
    }
    bound_.push_back(bound_text_.data() + bound_text_.size());
    bound_text_.append(*parameter).push_back('\0');
  }
}

}  // namespace tenon::sql::postgres

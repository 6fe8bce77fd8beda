// The sending half of PostgresConnection: an exchange as messages in the outbox, which goes out in one write.
#include <utility>

#include "sql/postgres/connection.h"
#include "sql/postgres/messages.h"

namespace tenon::sql::postgres {

namespace {

Statement bare_statement(std::string text) {
  const base::Hash128 hash = base::hash128(text);
  return {.text = std::move(text), .hash = hash};
}

const Statement& begin_statement(Begin begin) {
  static const Statement snapshot = bare_statement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  static const Statement read_write = bare_statement("BEGIN");
  static const Statement repeatable_read = bare_statement("BEGIN ISOLATION LEVEL REPEATABLE READ");
  static const Statement serializable = bare_statement("BEGIN ISOLATION LEVEL SERIALIZABLE");
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
  static const Statement commit = bare_statement("COMMIT");
  static const Statement rollback = bare_statement("ROLLBACK");
  return end == End::finish ? commit : rollback;
}

}  // namespace

void PostgresConnection::send_exchange(const Exchange& exchange) {
  // BEGIN comes before anything else: what runs earlier would take the snapshot.
  if (exchange.begin != Begin::none)
    send_statement(begin_statement(exchange.begin), {}, Step::Kind::transaction);
  if (unit_settings_ && !in_unit_) send_statement(*unit_settings_, {}, Step::Kind::transaction);
  for (Prepared& statement : std::exchange(to_close_, {})) send_close(std::move(statement));
  for (const Call& call : exchange.calls)
    send_statement(*call.statement, call.parameters, Step::Kind::call, call.limits);
  if (exchange.end == End::keep_open) return append_flush(wire_->outbox());
  if (in_transaction_ || exchange.begin != Begin::none)
    send_statement(end_statement(exchange.end), {}, Step::Kind::transaction);
  send_sync();
}

void PostgresConnection::send_statement(const Statement& statement, std::span<const Parameter> parameters,
                                        Step::Kind kind, ResultLimits limits) {
  std::string& out = wire_->outbox();
  Prepared prepared = unnamed_only_ ? nullptr : cache_.find(statement.hash);
  if (!prepared) {
    prepared = unnamed_only_ ? std::make_shared<PreparedStatement>() : cache_.add(statement.hash);
    append_parse(out, prepared->name, statement.text);
    append_describe_statement(out, prepared->name);
    conversation_.expect({.kind = Step::Kind::prepare, .statement = prepared});
  }
  append_bind(out, prepared->name, parameters);
  append_execute(out);
  conversation_.expect({.kind = kind, .statement = std::move(prepared), .limits = limits});
  if (Prepared evicted = cache_.evict_beyond_limit()) send_close(std::move(evicted));
}

void PostgresConnection::send_unnamed(std::string_view sql, Step::Kind kind) {
  const auto once = std::make_shared<PreparedStatement>();
  append_parse(wire_->outbox(), {}, sql);
  append_describe_statement(wire_->outbox(), {});
  append_bind(wire_->outbox(), {}, {});
  append_execute(wire_->outbox());
  conversation_.expect({.kind = Step::Kind::prepare, .statement = once});
  conversation_.expect({.kind = kind, .statement = once});
}

void PostgresConnection::send_close(Prepared statement) {
  append_close_statement(wire_->outbox(), statement->name);
  conversation_.expect({.kind = Step::Kind::close, .statement = std::move(statement)});
}

void PostgresConnection::send_sync() {
  append_sync(wire_->outbox());
  conversation_.expect({.kind = Step::Kind::sync});
}

}  // namespace tenon::sql::postgres

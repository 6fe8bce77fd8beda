// A connection for commands, which do one thing after the other: what is asynchronous in sql/ is waited for
// here.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/connection.h"
#include "sql/url.h"

namespace tenon::migrate {

// Cells as text; nullopt is NULL.
using Row = std::vector<std::optional<std::string>>;
using Rows = std::vector<Row>;

class Session {
 public:
  // `purpose` is shown to others that wait for this session: "tenon migrate deploy".
  static sql::DatabaseResult<Session> open(const sql::DatabaseUrl& url, std::string purpose);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  // Text as it is: one statement, or outside of a transaction several.
  sql::DatabaseResult<Rows> run(std::string_view text);
  // One statement with bound values.
  sql::DatabaseResult<Rows> query(std::string text, const Row& parameters = {});

  sql::DatabaseResult<void> begin();
  sql::DatabaseResult<void> commit();
  void roll_back();

  bool broken() const;
  const sql::ServerVersion& server_version() const;
  const sql::DatabaseUrl& url() const;

  // Calls `tick` again and again while a statement takes longer than `interval`.
  void watch(std::chrono::milliseconds interval, std::function<void()> tick);

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The first cell of the first row; empty when there is none or it is NULL.
std::string cell(const Rows& rows);

// Whether a statement went well, for those who do not want its rows.
sql::DatabaseResult<void> ended(const sql::DatabaseResult<Rows>& rows);

// `error` for people, naming the session's database.
base::Error explain(const Session& session, const sql::DatabaseError& error);

}  // namespace tenon::migrate

// A SQL script as its statements: where each stands, whether it can run inside a transaction, and what has to
// be known of it to run the script again from the middle. Pure; engines do the reading
// (sql/postgres/script.h, sql/mysql/script.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::sql {

enum class ScriptStatementKind : std::uint8_t {
  ordinary,
  begin,        // BEGIN, START TRANSACTION
  commit,       // COMMIT, END
  roll_back,    // ROLLBACK, ABORT
  setting,      // SET, RESET: lasts as long as the session
  enum_values,  // adds a value to an enum: it cannot be used before a commit
  apart,        // cannot run inside a transaction
  copy_data,    // COPY … FROM STDIN: its data is in the script, which only psql can read
  lock,         // LOCK TABLES: what follows is one piece with it, up to …
  unlock,       // UNLOCK TABLES
};

// An object that a statement of the kind `apart` makes, changes or removes.
struct ScriptObject {
  enum class What : std::uint8_t {
    nothing,
    index_made,  // PostgreSQL, concurrently
    index_dropped,
    index_rebuilt,
    table,  // MySQL; also of an index
    view,
    trigger,
    procedure,
    function,
    event,
  };
  What what = What::nothing;
  std::string schema;  // empty: by the search path
  std::string name;    // of an index: empty when the server chooses it
  std::string table;   // of an index that is made
  friend bool operator==(const ScriptObject&, const ScriptObject&) = default;
};

struct ScriptStatement {
  std::uint32_t begin = 0;  // bytes in the script, without the comments in front
  std::uint32_t end = 0;    // without the semicolon
  ScriptStatementKind kind = ScriptStatementKind::ordinary;
  ScriptObject object;
  std::string enum_value;  // the label that an enum_values statement adds

  std::string_view text(std::string_view script) const { return script.substr(begin, end - begin); }
};

// A place in a script as people count it, from 1; columns in characters.
struct ScriptPlace {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const ScriptPlace&, const ScriptPlace&) = default;
};

// `offset` in bytes.
ScriptPlace place_in(std::string_view script, std::size_t offset);

// The byte where the character `position` (from 1) of `text` begins; the end when there are fewer.
std::size_t byte_of_character(std::string_view text, std::uint32_t position);

}  // namespace tenon::sql

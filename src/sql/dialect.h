// What an engine writes differently. A Dialect is made of pure functions: values in, text out; no connection.
// sql/postgres/ and sql/mysql/ hold the same file names.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sql/aggregate.h"
#include "sql/bundle.h"
#include "sql/connection.h"
#include "sql/statement.h"

namespace tenon::sql {

class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual std::string_view name() const = 0;
  // Neutral statement values (statement.h) as this engine's text. Parameters keep their indexes.
  virtual Statement render(const Select& select) const = 0;
  virtual Statement render(const Insert& insert) const = 0;
  virtual Statement render(const Update& update) const = 0;
  virtual Statement render(const Delete& remove) const = 0;
  virtual Statement render(const Aggregate& aggregate) const = 0;
  virtual Statement render(const catalog::Catalog& catalog, const RowEstimate& estimate) const = 0;
  virtual Statement render(const OwnStatement& statement) const = 0;
  // nullopt where the engine has no such statement: each part then is one of its own.
  virtual std::optional<Statement> render(const Bundle& bundle) const = 0;
  // Whether it has.
  virtual bool bundles() const { return true; }

  // Whether an insert of several rows can leave out those that are there already.
  virtual bool skips_among_many() const { return true; }
  // The parameter of a Comparison::search for what people type into a search box: words that all have to be
  // there, "words in this order", -words that must not be, and `or` between words.
  virtual std::string search_words(std::string_view typed) const { return std::string(typed); }

  // Runs the statement, with its parameters, and gives back instead of its rows what the engine did, with
  // times: lines of text.
  virtual Statement explained(const Statement& statement) const = 0;
  // A place in a transaction, and the way back to it.
  virtual Statement mark() const = 0;
  virtual Statement undo_to_mark() const = 0;
};

const Dialect& postgres_dialect();
// For MySQL or MariaDB of this version (sql/mysql/capabilities.h).
std::shared_ptr<const Dialect> mysql_dialect(const ServerVersion& server);

// For a server of this product and version. A version that is not known gets what every supported version
// understands.
std::shared_ptr<const Dialect> make_dialect(const ServerVersion& server);

}  // namespace tenon::sql

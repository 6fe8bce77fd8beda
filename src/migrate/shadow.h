// An empty database to try migrations out in: a new one beside others on a server, or one that was set up for
// it. What killed runs left behind is cleaned up by the next.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/catalog.h"
#include "migrate/apply.h"
#include "migrate/folder.h"
#include "migrate/objects.h"
#include "migrate/target.h"

namespace tenon::migrate {

class Shadow {
 public:
  // A new database on the server of `server`, dropped with this object. The first of `schemas` is made, and
  // is where its search path begins; `public` without any.
  static base::Result<Shadow> create(const sql::DatabaseUrl& server,
                                     const std::vector<std::string>& schemas = {});
  // The database of `url`, emptied first: that it is not `main` is the caller's business no more.
  static base::Result<Shadow> use(const sql::DatabaseUrl& url, const sql::DatabaseUrl& main,
                                  const std::vector<std::string>& schemas);
  // Tables that say nothing of it get the character set of that database; when it cannot be asked, of the
  // server.
  void take_defaults_of(const sql::DatabaseUrl& main);
  Shadow(Shadow&&) noexcept = default;
  ~Shadow();

  // Runs migrations one after the other. P3006 names the one that fails, with its place.
  base::Result<void> replay(const std::vector<const Migration*>& migrations, const ApplyOptions& options);
  // What they have made.
  base::Result<catalog::Catalog> read(const std::vector<std::string>& schemas);
  base::Result<DatabaseObjects> read_objects(const std::vector<std::string>& schemas);

 private:
  Shadow(Target target, bool drop) : target_(std::make_unique<Target>(std::move(target))), drop_(drop) {}

  std::unique_ptr<Target> target_;
  bool drop_ = false;
};

}  // namespace tenon::migrate

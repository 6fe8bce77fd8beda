// What a database holds that no catalog has: triggers, functions, procedures, policies, rules, domains,
// events, and who may use tables, views and sequences. No difference is ever made of them, so none is
// dropped; that two databases have others is told.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "migrate/pair.h"
#include "migrate/session.h"

namespace tenon::migrate {

struct DatabaseObject {
  std::string kind;        // "trigger", in the plural "triggers"
  std::string name;        // unique among its kind: "public.log.shout", "public.f(integer)", "a to reader"
  std::string definition;  // the database's own text, to be compared
  friend bool operator==(const DatabaseObject&, const DatabaseObject&) = default;
};
using DatabaseObjects = std::vector<DatabaseObject>;

// Of `schemas`; MySQL: of the database. Those of extensions are left out.
base::Result<DatabaseObjects> read_objects(Session& session, const std::vector<std::string>& schemas);

// What is added, removed and changed, in the shape of migrate::summary; empty when all is the same. Grants
// count when there are some before: else they are not the business of migrations.
std::string compare_objects(Pair<const DatabaseObjects*> objects);

}  // namespace tenon::migrate

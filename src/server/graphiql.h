// The GraphiQL page: its scripts and styles are embedded into the program (web/graphiql,
// cmake/graphiql.cmake), so that nothing is loaded from elsewhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "net/asset.h"

namespace tenon::server {

struct GraphiqlOptions {
  std::string graphql_path;
  // Sent by the page with each request. Whoever can load the page can read it, so it is given out to pages of
  // this machine's own name only, see answer().
  base::Secret api_key;
};

class Graphiql {
 public:
  explicit Graphiql(GraphiqlOptions options);

  // nullopt when the path is none of the page's. A Host header that is no name of this machine gets the page
  // without the key: a site that makes its own name point here must not learn it.
  std::optional<net::Response> answer(const net::Request& request) const;

 private:
  net::Response page(const net::Request& request, bool with_key) const;

  GraphiqlOptions options_;
  std::vector<std::pair<std::string_view, net::Asset>> assets_;
};

}  // namespace tenon::server

// Every limit on what comes from outside, in one place, with its unit in its name. Defaults are those of
// docs/configuration.md; what an operator may change is a member of a struct, the rest a constant.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tenon::base {

// Of one schema file, overlay file or configuration file.
inline constexpr std::uintmax_t project_file_bytes_max = 10'000'000;

// For reading the whole catalogue of a database.
inline constexpr std::chrono::seconds introspection_timeout{120};

// Of one GraphQL document, before anything is looked up in a schema.
struct DocumentLimits {
  std::size_t bytes_max = 1'000'000;
  std::uint32_t tokens_max = 10'000;
  std::uint32_t nesting_max = 200;  // selections, lists and objects inside each other, in the parser
  std::uint32_t selection_depth_max = 15;
  std::uint32_t introspection_list_depth_max = 3;
  std::uint32_t root_fields_max = 50;
  std::uint32_t aliases_of_one_field_max = 50;
  std::uint32_t directives_per_place_max = 10;
  std::uint32_t errors_reported_max = 100;
};

// Of JSON that clients send.
inline constexpr std::size_t json_depth_max = 64;

// Selections looked at while one operation is prepared. Fragments used many times multiply, so this can be far
// more than the document has.
inline constexpr std::uint32_t selections_collected_max = 100'000;
// Of one schema file, while it is parsed.
struct SchemaLimits {
  std::size_t bytes_max = 16'000'000;
  std::uint32_t nesting_max = 64;  // functions, arrays and objects inside each other
  std::uint32_t errors_reported_max = 100;
};

// Of what one operation may ask of the database.
struct OperationLimits {
  std::uint32_t page_rows_default = 100;
  std::uint32_t page_rows_max = 10'000;
  std::uint32_t filter_depth_max = 10;
  std::uint32_t filter_list_max = 1'000;
  std::uint32_t filter_conditions_max = 1'000;  // comparisons in one filter
  std::chrono::milliseconds statement_timeout{10'000};
  std::chrono::milliseconds request_timeout{30'000};
};

// Of one HTTP connection.
struct HttpLimits {
  std::size_t header_bytes_max = 16'384;
  std::size_t body_bytes_max = 1'000'000;
  std::uint32_t connections_max = 10'000;
  std::chrono::milliseconds header_timeout{10'000};  // from the first byte to the end of the header
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle_timeout{75'000};   // between requests of one connection
  std::chrono::milliseconds write_timeout{30'000};  // without any progress of the client reading
  std::chrono::milliseconds drain_timeout{30'000};  // for requests in flight at shutdown
};

// Of one pool of database connections (one per worker thread).
struct PoolLimits {
  std::uint32_t connections_max = 10;
  std::uint32_t waiting_max = 1'000;
  std::uint32_t statements_cached_max = 1'000;  // prepared statements per connection
  std::chrono::milliseconds acquire_timeout{5'000};
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds idle_timeout{300'000};
};

}  // namespace tenon::base

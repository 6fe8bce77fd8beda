// Every code that a user of Tenon can meet in its own messages, in one table; docs/errors.md explains each
// and a test keeps the two lists equal. Where a peer has a code for the same thing it is used: Prisma's P
// codes for databases and schemas, the names of GraphQL servers in `extensions.code` (api/errors.h).
//
//   TN1xxx  project and configuration      TN4xxx  overlay and API schema
//   TN2xxx  project-local database         TN5xxx  server and network
//   TN3xxx  schema files and pull          TN6xxx  migrations
//   P....   as in Prisma's error reference
//
// A code is never reused for another meaning.
#pragma once

#include <array>
#include <string_view>

namespace tenon::base {

struct Code {
  std::string_view text;
  friend bool operator==(Code, Code) = default;
};

namespace code {

// Prisma's codes
inline constexpr Code authentication_failed{"P1000"};
inline constexpr Code database_unreachable{"P1001"};
inline constexpr Code database_timeout{"P1002"};
inline constexpr Code database_missing{"P1003"};
inline constexpr Code access_denied{"P1010"};
inline constexpr Code tls_failed{"P1011"};
inline constexpr Code schema_invalid{"P1012"};
inline constexpr Code database_url_invalid{"P1013"};
inline constexpr Code connection_closed{"P1017"};
inline constexpr Code statement_failed{"P2010"};
inline constexpr Code pool_timeout{"P2024"};
inline constexpr Code database_not_created{"P3000"};
inline constexpr Code database_not_empty{"P3005"};
inline constexpr Code migration_fails_on_shadow{"P3006"};
inline constexpr Code migration_already_applied{"P3008"};
inline constexpr Code migration_failed_before{"P3009"};
inline constexpr Code migration_name_too_long{"P3010"};
inline constexpr Code migration_never_applied{"P3011"};
inline constexpr Code migration_not_failed{"P3012"};
inline constexpr Code shadow_database_failed{"P3014"};
inline constexpr Code migration_file_missing{"P3015"};
inline constexpr Code reset_failed{"P3016"};
inline constexpr Code migration_unknown{"P3017"};
inline constexpr Code migration_failed{"P3018"};
inline constexpr Code migration_provider_differs{"P3019"};
inline constexpr Code database_empty{"P4001"};

// TN1: project and configuration
inline constexpr Code config_invalid{"TN1001"};
inline constexpr Code config_reference_unresolved{"TN1002"};
inline constexpr Code file_unreadable{"TN1003"};
inline constexpr Code file_unwritable{"TN1004"};
inline constexpr Code database_unnamed{"TN1005"};
inline constexpr Code usage_invalid{"TN1006"};
inline constexpr Code secrets_unreadable{"TN1007"};

// TN2: project-local database
inline constexpr Code server_not_installed{"TN2001"};
inline constexpr Code cluster_create_failed{"TN2002"};
inline constexpr Code cluster_start_failed{"TN2003"};
inline constexpr Code cluster_not_running{"TN2004"};
inline constexpr Code cluster_busy{"TN2005"};
inline constexpr Code unprivileged_user_missing{"TN2006"};

// TN3: schema files and pull
inline constexpr Code table_without_key{"TN3001"};
inline constexpr Code pull_would_overwrite{"TN3002"};
inline constexpr Code schema_provider_unsupported{"TN3004"};
inline constexpr Code object_not_expressible{"TN3005"};

// TN6: migrations
inline constexpr Code history_differs{"TN6001"};
inline constexpr Code drift{"TN6002"};
inline constexpr Code resume_impossible{"TN6003"};
inline constexpr Code data_loss{"TN6004"};
inline constexpr Code change_impossible{"TN6005"};
inline constexpr Code seed_failed{"TN6006"};
inline constexpr Code hazard_not_approved{"TN6008"};
inline constexpr Code approval_unknown{"TN6009"};

// TN4: overlay and API schema
inline constexpr Code overlay_syntax{"TN4001"};
inline constexpr Code overlay_unknown_model{"TN4002"};
inline constexpr Code overlay_unknown_directive{"TN4003"};
inline constexpr Code overlay_invalid_rule{"TN4004"};
inline constexpr Code api_name_collision{"TN4005"};
inline constexpr Code model_unreachable{"TN4006"};
inline constexpr Code api_empty{"TN4007"};
inline constexpr Code overlay_invalid_relation{"TN4008"};
inline constexpr Code overlay_invalid_field{"TN4009"};
inline constexpr Code engine_limit{"TN4010"};
inline constexpr Code overlay_invalid_type{"TN4011"};
inline constexpr Code overlay_invalid_operation{"TN4012"};
inline constexpr Code overlay_statement_mismatch{"TN4013"};

// TN5: server and network
inline constexpr Code listen_failed{"TN5001"};
inline constexpr Code api_key_missing{"TN5002"};
inline constexpr Code key_set_unusable{"TN5003"};
inline constexpr Code http_request_failed{"TN5004"};
inline constexpr Code operation_invalid{"TN5005"};

}  // namespace code

}  // namespace tenon::base

// Every limit on what comes from outside, in one place, with its unit in its name. Defaults are those of
// docs/configuration.md; what an operator may change is a member of a struct, the rest a constant.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tenon::base {

// Of one schema file, overlay file or operation to explain.
inline constexpr std::uintmax_t project_file_bytes_max = 10'000'000;
// Errors, and as many warnings and notes, that a checker keeps; more of them help nobody.
inline constexpr std::size_t diagnostics_kept_max = 10'000;
// Of one migration.sql, and of the folders of migrations.
inline constexpr std::uintmax_t migration_bytes_max = 100'000'000;
inline constexpr std::size_t migrations_max = 100'000;
// Nodes inside each other in the parse tree of one statement; what is deeper counts as not understood.
inline constexpr std::size_t parse_tree_depth_max = 1'000;
// Of one statement that is looked at for what it does to tables; what is longer counts as not understood.
inline constexpr std::size_t lint_statement_bytes_max = 1'000'000;
// Rows of a table from which on a step that blocks it or writes it again is worth a warning, and from which
// on deploy asks for an approval.
inline constexpr std::uint64_t lint_noted_rows_min = 10'000;
inline constexpr std::uint64_t lint_blocking_rows_min = 100'000;
// Rows of one batch that a script may ask for (`-- tenon: batch`).
inline constexpr std::uint32_t batch_rows_max = 1'000'000;
// Of tenon.toml, prisma.config.ts, package.json.
inline constexpr std::uintmax_t config_bytes_max = 1'000'000;
// Of what a prisma.config.ts makes of its own constants.
inline constexpr std::size_t config_values_copied_max = 10'000;
inline constexpr std::size_t config_text_bytes_max = 16'384;
inline constexpr std::size_t config_variables_max = 16;
// Names that a misspelled one is compared with.
inline constexpr std::size_t suggestion_candidates_max = 10'000;
// Of schema files in one folder.
inline constexpr std::size_t schema_files_max = 10'000;
// Of a file that a reference (file:PATH) names.
inline constexpr std::uintmax_t secret_file_bytes_max = 65'536;
// Of the file that `tenon secret` keeps.
inline constexpr std::uintmax_t secrets_bytes_max = 1'000'000;

// Parentheses, functions and operators inside each other in the SQL of a default or an index; what is deeper
// is compared as it is written.
inline constexpr int expression_nesting_max = 64;

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

// A text that is compared with a regular expression.
inline constexpr std::size_t pattern_text_bytes_max = 4'000;

// Of JSON that clients send.
inline constexpr std::size_t json_depth_max = 64;

// Selections looked at while one operation is prepared. Fragments used many times multiply, so this can be
// far more than the document has.
inline constexpr std::uint32_t selections_collected_max = 100'000;
// Of one schema file, while it is parsed.
struct SchemaLimits {
  std::size_t bytes_max = 16'000'000;
  std::uint32_t nesting_max = 64;  // functions, arrays and objects inside each other
  std::uint32_t errors_reported_max = 100;
};

// Of JSON in the default of a field; where serde_json, which Prisma reads it with, gives up.
inline constexpr std::uint32_t schema_json_depth_max = 128;

// Relations followed while a schema is searched for cycles of referential actions. Each relation may lead
// through all others.
inline constexpr std::size_t schema_cycle_steps_max = 2'000'000;

// Models, views and enums in one picture: more than anybody can look at.
inline constexpr std::size_t diagram_boxes_max = 1'500;
inline constexpr std::size_t diagram_text_bytes_max = 60;  // of one name or type; longer ones are cut

// Of what one operation may ask of the database.
struct OperationLimits {
  std::uint32_t page_rows_default = 100;
  std::uint32_t page_rows_max = 10'000;
  std::uint32_t rows_answer_max = 100'000;  // of all lists of one operation together: nested ones multiply
  std::size_t answer_bytes_max = 64'000'000;
  // Estimated rows x weight (api/plan/cost.h). Four lists inside each other with their default pages are
  // below it.
  std::uint64_t cost_max = 1'000'000'000;
  std::uint32_t filter_depth_max = 10;
  std::uint32_t filter_list_max = 1'000;
  std::uint32_t filter_conditions_max = 1'000;  // comparisons in one filter
  // Statements of one operation, as lists, counts and aggregates that are asked for under many names add up.
  std::uint32_t statements_max = 500;
  std::uint32_t aggregate_values_max = 200;  // sums, counts … of each group of one field
  std::uint32_t group_fields_max = 16;
  std::uint32_t filter_relations_max = 50;  // that all filters and orders of an operation follow
  std::uint32_t write_rows_max = 10'000;    // created by one field of a mutation
  std::uint32_t write_steps_max = 1'000;    // statements of one field of a mutation
  std::uint32_t write_depth_max = 10;       // inputs of nested writes inside each other
  std::chrono::milliseconds statement_timeout{10'000};
  std::chrono::milliseconds request_timeout{30'000};
};

// How often somebody may ask. Zero: no limit.
struct RateLimits {
  std::uint32_t requests_per_second = 0;   // operations of one principal
  std::uint32_t burst = 0;                 // at once, of one who has been quiet; zero: those of a second
  std::uint32_t refusals_per_minute = 0;   // credentials of one address that were not good
  std::uint32_t principals_max = 100'000;  // remembered, and as many addresses
  friend bool operator==(const RateLimits&, const RateLimits&) = default;
};

// Of operations that clients have registered by their hash, of all workers together.
inline constexpr std::size_t registered_operations_bytes_max = 16'000'000;

// A transaction that lost against another one is run again, after at most this pause, twice as long each
// time.
inline constexpr std::uint32_t transaction_attempts_max = 5;
inline constexpr std::chrono::milliseconds transaction_pause{10};

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
  friend bool operator==(const HttpLimits&, const HttpLimits&) = default;
};

// Of one pool of database connections (one per worker thread).
struct PoolLimits {
  std::uint32_t connections_max = 10;
  std::uint32_t waiting_max = 1'000;
  std::uint32_t statements_cached_max = 1'000;  // prepared statements per connection
  std::chrono::milliseconds acquire_timeout{5'000};
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds idle_timeout{300'000};
  // From one measurement of the way to the database, on a connection that nobody uses, to the next.
  std::chrono::milliseconds measure_interval{2'000};
  friend bool operator==(const PoolLimits&, const PoolLimits&) = default;
};

// Values of one prepared statement: the number has two bytes in MySQL's protocol.
inline constexpr std::size_t mysql_parameters_max = 65'535;
// Of a list in a statement that may be run in parts: elements, and bytes of what is written for all of them.
inline constexpr std::size_t mysql_repetitions_max = 8'192;
inline constexpr std::size_t mysql_repeated_bytes_max = 131'072;
// What a database may answer to the statements of one exchange, as it comes over the wire.
inline constexpr std::size_t database_answer_bytes_max = 2'000'000'000;
// A database whose round trip takes so long is far: one statement answers a query, where otherwise each depth
// of lists has its own. It is near again below the other bound; between them nothing changes.
inline constexpr std::chrono::microseconds round_trip_far{500};
inline constexpr std::chrono::microseconds round_trip_near{350};
// What engines take in that one statement: its parameters, and the columns of its answer.
inline constexpr std::uint32_t bundle_parameters_max = 65'535;
inline constexpr std::uint32_t bundle_cells_max = 1'600;
// How long a pool tries to measure it.
inline constexpr std::chrono::milliseconds round_trip_patience{1'000};
// Of one statement. PostgreSQL refuses messages from 1 GiB (PQ_LARGE_MESSAGE_LIMIT) and ends the session.
inline constexpr std::size_t postgres_parameters_bytes_max = 0x3fff0000;

// Of a GraphQL document while it is checked and its values are coerced.
inline constexpr std::uint32_t collected_depth_max = 500;  // our stack holds this much
inline constexpr std::uint32_t input_default_depth_max = 32;
inline constexpr std::size_t input_default_nodes_max = 10'000;
inline constexpr std::size_t variable_errors_max = 50;
// Pairs of fields with one response key: far more than documents that people write need, and some ten
// milliseconds of work.
inline constexpr std::uint32_t field_comparisons_max = 100'000;
inline constexpr std::uint32_t field_comparison_depth_max =
    1'500;  // fragments inside fragments, on our stack
inline constexpr std::size_t field_conflicts_max = 100;
// Of one error of a response.
inline constexpr std::size_t error_message_bytes_max = 2'000;
inline constexpr std::size_t error_places_max = 100;
// Options of a large schema are many, and errors of a hostile document too.
inline constexpr std::uint32_t suggestions_max = 10;
inline constexpr std::size_t page_token_bytes_max = 64 * 1024;
inline constexpr std::size_t checker_schemas_max = 64;  // kept by `tenon graphql check-stdio`

// Of the HTTP server, beside HttpLimits.
inline constexpr std::size_t http_header_count_max = 100;
inline constexpr std::size_t http_chunk_line_bytes_max =
    4'096;  // size and extensions of a chunk; the trailer
inline constexpr std::size_t request_id_bytes_max = 128;
// Clients over connections_max that are told so at one time, and how long that may take; more are just
// closed.
inline constexpr unsigned http_refusing_max = 64;
inline constexpr std::chrono::milliseconds http_refusal_timeout{500};
// For handlers to notice that they were cancelled at the end of draining.
inline constexpr std::chrono::milliseconds http_abort_timeout{2'000};
// How long, and for how many bytes, a closing connection still listens so that the client gets the answer
// before a reset.
inline constexpr std::chrono::milliseconds http_linger_timeout{2'000};
inline constexpr std::size_t http_linger_bytes_max = 8'000'000;

// Of a WebSocket.
inline constexpr std::size_t socket_queued_bytes_max = 1'000'000;  // besides the message being written
inline constexpr std::chrono::seconds socket_handshake_timeout{10};
// A ping goes out after half of it without a word from the client; all of it ends the connection.
inline constexpr std::chrono::seconds socket_silence_max{50};

// Of traces on their way to a collector.
inline constexpr std::size_t trace_spans_queued_max = 8'192;  // then new ones are dropped
inline constexpr std::size_t trace_spans_batch = 512;
inline constexpr std::size_t trace_statement_bytes_max = 4'096;  // of a statement's text
inline constexpr std::size_t trace_answer_bytes_max = 65'536;
inline constexpr std::chrono::milliseconds trace_export_interval{1'000};
inline constexpr std::chrono::milliseconds trace_export_timeout{10'000};
inline constexpr std::chrono::milliseconds trace_last_export_timeout{2'000};  // when the server ends
// Of the language server: a schema file of the largest size, with every character escaped, fits.
inline constexpr std::size_t lsp_header_bytes_max = 4'096;
inline constexpr std::size_t lsp_message_bytes_max = 64'000'000;
inline constexpr std::size_t lsp_documents_max = 1'000;    // open at one time
inline constexpr std::size_t lsp_diagnostics_max = 1'000;  // shown for one file

// Of who asks: tokens, their issuers' keys, the custom authorizer, signed requests.
inline constexpr std::size_t token_bytes_max = 16'384;
inline constexpr std::size_t token_name_bytes_max = 256;   // key ids, issuers, what patterns look at
inline constexpr std::size_t key_set_bytes_max = 512'000;  // of a JWKS, and of a discovery document
inline constexpr std::size_t key_set_keys_max = 100;
inline constexpr std::chrono::milliseconds key_set_timeout{5'000};
inline constexpr std::chrono::minutes key_set_refresh_interval{15};
// A key that is not known is looked for again, but not sooner than this after the last time.
inline constexpr std::chrono::seconds key_set_refetch_pause{10};
// After a failure, twice as long each time.
inline constexpr std::chrono::milliseconds key_set_retry_pause{1'000};
inline constexpr std::chrono::milliseconds key_set_retry_pause_max{60'000};
// A request whose key is not there waits so long for the issuer.
inline constexpr std::chrono::milliseconds key_set_patience{3'000};
inline constexpr std::size_t verdicts_kept_max = 20'000;  // per worker and shared; then the oldest half goes
inline constexpr std::size_t authorizer_answer_bytes_max = 65'536;
inline constexpr std::chrono::seconds authorizer_ttl_max{3'600};
inline constexpr std::size_t authorizer_fields_max = 1'000;  // denied ones
inline constexpr std::size_t signed_headers_max = 50;
inline constexpr std::chrono::seconds signature_skew_max{300};  // of a signed request's date, either way

// Then the oldest are dropped. The queue takes about 400 bytes for each from the start.
inline constexpr std::size_t log_queued_lines_max = 1'024;
inline constexpr std::uintmax_t dotenv_bytes_max = 1'000'000;
inline constexpr std::size_t database_url_bytes_max = 8'192;

}  // namespace tenon::base

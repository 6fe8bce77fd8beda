// A DatabaseUrl and session settings as what libmariadb is told.
#pragma once

#include <cstdint>
#include <string>

#include "base/secret.h"
#include "sql/mysql/capabilities.h"
#include "sql/open.h"
#include "sql/url.h"

namespace tenon::sql::mysql {

enum class Tls : std::uint8_t {
  disabled,
  preferred,  // when the server offers it, unverified
  required,   // unverified, or against the authorities that are named
  verified,   // authority and host name
};

struct ConnectionParameters {
  std::string host;    // for certificates; the addresses are those it resolves to
  std::string socket;  // the path of a Unix socket; empty: TCP
  std::uint16_t port = 3306;
  std::string user;
  base::Secret password;
  std::string database;
  Tls tls = Tls::preferred;
  std::string authority_file;    // PEM
  std::string certificate_file;  // of the client, PEM
  std::string key_file;
  base::Secret key_password;
  std::string revocation_file;
  std::string program_name;
};

// Understands Prisma's parameters for MySQL (sslaccept, sslcert, sslpassword, socket), those of MySQL's own
// programs (ssl-mode, ssl-ca …) and PostgreSQL's names for the same (sslmode, sslrootcert …). Fails on what
// would otherwise silently weaken the connection.
DatabaseResult<ConnectionParameters> connection_parameters(const DatabaseUrl& url,
                                                           const SessionOptions& options);

// One statement that sets a session up: UTC, strict values, utf8mb4, time limits.
std::string session_statement(const SessionOptions& options, const Capabilities& capabilities);

}  // namespace tenon::sql::mysql

#include "sql/postgres/parameters.h"

#include <map>

#include <gtest/gtest.h>

#include "sql/postgres/error.h"

namespace tenon::sql::postgres {
namespace {

std::map<std::string, std::string> parameters_of(std::string_view text,
                                                 const std::vector<std::string>& addresses = {}) {
  const auto url = parse_database_url(text);
  EXPECT_TRUE(url.has_value()) << text;
  std::map<std::string, std::string> all;
  for (const auto& [key, value] : connection_parameters(*url, {}, addresses, {{"TimeZone", "a b\\c"}})) {
    EXPECT_FALSE(all.contains(key)) << key;
    all[key] = value;
  }
  return all;
}

TEST(Parameters, NameTheServerAndTheSession) {
  const auto all = parameters_of("postgresql://u:p@h:99/d?sslmode=require&schema=x&connection_limit=3");
  EXPECT_EQ(all.at("host"), "h");
  EXPECT_EQ(all.at("port"), "99");
  EXPECT_EQ(all.at("user"), "u");
  EXPECT_EQ(all.at("password"), "p");
  EXPECT_EQ(all.at("dbname"), "d");
  EXPECT_EQ(all.at("gssencmode"), "disable") << "after the handshake only TLS can go on without libpq";
  EXPECT_EQ(all.at("sslmode"), "require");
  EXPECT_EQ(all.at("application_name"), "tenon");
  EXPECT_EQ(all.at("options"), "-c TimeZone=a\\ b\\\\c");
  EXPECT_FALSE(all.contains("schema"));
  EXPECT_FALSE(all.contains("connection_limit"));
}

TEST(Parameters, KeepTheNameBesideEachAddressForCertificates) {
  const auto all = parameters_of("postgresql://u@db.example.com/d", {"10.0.0.1", "::1"});
  EXPECT_EQ(all.at("host"), "db.example.com,db.example.com");
  EXPECT_EQ(all.at("hostaddr"), "10.0.0.1,::1");
}

TEST(Parameters, VerifyAgainstTheSystemWhenNoAuthorityIsNamed) {
  EXPECT_FALSE(parameters_of("postgresql://h/d?sslmode=require").contains("sslrootcert"));
  EXPECT_TRUE(parameters_of("postgresql://h/d?sslmode=verify-full").at("sslrootcert").starts_with("/etc/"));
  EXPECT_TRUE(parameters_of("postgresql://h/d?sslmode=verify-full&sslrootcert=system")
                  .at("sslrootcert")
                  .starts_with("/etc/"));
  EXPECT_EQ(parameters_of("postgresql://h/d?sslmode=verify-full&sslrootcert=ca.pem").at("sslrootcert"),
            "ca.pem");
}

TEST(Parameters, UnderstandPrismasStrictVerification) {
  const auto all = parameters_of("postgresql://h/d?sslmode=require&sslaccept=strict&sslcert=ca.pem");
  EXPECT_EQ(all.at("sslmode"), "verify-full");
  EXPECT_EQ(all.at("sslrootcert"), "ca.pem");
  EXPECT_FALSE(all.contains("sslcert"));
}

TEST(ConnectError, TakesTheServersCodeInAnyLanguage) {
  const DatabaseError refused = connect_error(
      "connection to server at \"h\", port 5432 failed: FATAL:  28P01: password authentication failed for "
      "user "
      "\"u\"\nLOCATION:  auth_failed, auth.c:344\n");
  EXPECT_EQ(refused.failure, Failure::authentication);
  EXPECT_EQ(refused.sqlstate, "28P01");
  EXPECT_EQ(refused.message, "password authentication failed for user \"u\"");
  EXPECT_EQ(connect_error("x: FATAL:  3D000: base « x » absente\nLOCATION: y\n").sqlstate, "3D000");
  EXPECT_EQ(connect_error("x: FATAL:  57P03: the database system is starting up").failure,
            Failure::unreachable);
  const DatabaseError dead = connect_error("connection to server failed: Connection refused\n");
  EXPECT_EQ(dead.failure, Failure::unreachable);
  EXPECT_EQ(dead.sqlstate, "");
  EXPECT_EQ(dead.message, "connection to server failed: Connection refused");
}

TEST(ToError, HasPrismasCodes) {
  const auto code = [](DatabaseError error) { return to_error(error, "h/d").code; };
  EXPECT_EQ(code({.failure = Failure::authentication}), base::code::authentication_failed);
  EXPECT_EQ(code({.failure = Failure::unreachable}), base::code::database_unreachable);
  EXPECT_EQ(code({.failure = Failure::unreachable, .message = "server does not support SSL"}),
            base::code::tls_failed);
  EXPECT_EQ(code({.failure = Failure::connection_lost}), base::code::connection_closed);
  EXPECT_EQ(code({.failure = Failure::timeout}), base::code::database_timeout);
  EXPECT_EQ(code({.failure = Failure::overloaded}), base::code::pool_timeout);
  EXPECT_EQ(code({.failure = Failure::permission_denied}), base::code::access_denied);
  EXPECT_EQ(code({.failure = Failure::other, .sqlstate = "3D000"}), base::code::database_missing);
  EXPECT_EQ(code({.failure = Failure::unique_violation, .sqlstate = "23505"}), base::code::statement_failed);
}

}  // namespace
}  // namespace tenon::sql::postgres

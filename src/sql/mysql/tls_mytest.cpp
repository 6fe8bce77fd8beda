// Encrypted connections: verification, the same traffic as in the clear, and how passwords may travel.
#include <filesystem>

#include "local/process.h"
#include "sql/session_fixture.h"
#include "tests/support/mariadb.h"

namespace tenon::sql::test {
namespace {

namespace fs = std::filesystem;

// Starts the server of this test program again with a certificate of its own for `localhost`; its path.
const std::string& authority() {
  static const std::string path = [] {
    const fs::path folder = tenon::test::mariadb().folder;
    const fs::path certificate = folder / "server.crt";
    const fs::path key = folder / "server.key";
    const auto made =
        local::run({.arguments = {"/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                                  "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                                  "-keyout", key, "-out", certificate, "-days", "2"}},
                   30s);
    EXPECT_TRUE(made.ok()) << made.output;
    for (const fs::path& file : {certificate, key})
      fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
    tenon::test::crash_mariadb();
    tenon::test::restart_mariadb({"--ssl-cert=" + certificate.string(), "--ssl-key=" + key.string(),
                                  "--plugin-load-add=auth_ed25519"});
    return certificate.string();
  }();
  return path;
}

DatabaseUrl over_tcp(const std::string& text, std::map<std::string, std::string> parameters) {
  DatabaseUrl url = url_of(text);
  url.host = "localhost";
  url.parameters = std::move(parameters);
  return url;
}

asio::awaitable<std::string> cipher(Connection& connection) {
  auto rows = co_await connection.run_text("show status like 'Ssl_cipher'", in(5s));
  EXPECT_TRUE(rows.has_value());
  co_return rows ? cell(*rows->front(), 0, 1) : "";
}

TEST(Tls, VerifiesWhatItIsAskedToVerify) {
  const std::string file = authority();
  run_to_end([&, url = tenon::test::create_mariadb_database()]() -> asio::awaitable<void> {
    using Parameters = std::map<std::string, std::string>;
    for (const Parameters& good : {Parameters{{"sslmode", "require"}},
                                   {{"ssl-mode", "REQUIRED"}},
                                   {{"ssl-mode", "REQUIRED"}, {"ssl-ca", file}},
                                   {{"sslmode", "verify-ca"}, {"sslrootcert", file}},
                                   {{"sslmode", "verify-full"}, {"sslca", file}},
                                   {{"sslaccept", "strict"}, {"sslcert", file}},
                                   {{"sslaccept", "accept_invalid_certs"}},
                                   {}}) {
      auto connection = co_await connect(over_tcp(url, good), {}, in(5s));
      const std::string first = good.empty() ? "" : good.begin()->first + good.begin()->second;
      EXPECT_TRUE(connection.has_value()) << first << ": " << connection.error().message;
      if (connection) EXPECT_NE(co_await cipher(**connection), "") << first;
    }
    // Not signed by an authority of the system, or of a file.
    for (const Parameters& bad : {Parameters{{"sslmode", "verify-full"}},
                                  {{"sslmode", "require"}, {"sslca", "/etc/ssl/certs/ca-certificates.crt"}},
                                  {{"sslaccept", "strict"}},
                                  {{"sslmode", "verify-full"}, {"sslca", "/nowhere.pem"}},
                                  {{"sslidentity", file}}}) {
      auto refused = co_await connect(over_tcp(url, bad), {}, in(5s));
      EXPECT_FALSE(refused.has_value());
      if (!refused)
        EXPECT_EQ(to_error(refused.error(), "d").code, base::code::tls_failed) << refused.error().message;
    }
    // The certificate names localhost, not this address.
    for (const char* host : {"127.0.0.1"}) {
      DatabaseUrl elsewhere = over_tcp(url, {{"sslmode", "verify-full"}, {"sslca", file}});
      elsewhere.host = host;
      auto other_name = co_await connect(elsewhere, {}, in(5s));
      EXPECT_FALSE(other_name.has_value());
      if (!other_name)
        EXPECT_EQ(to_error(other_name.error(), "d").code, base::code::tls_failed)
            << other_name.error().message;
    }
    auto plain = co_await connect(over_tcp(url, {{"sslmode", "disable"}}), {}, in(5s));
    EXPECT_TRUE(plain.has_value());
    if (plain) EXPECT_EQ(co_await cipher(**plain), "");
  });
}

TEST(Tls, CarriesTheSameTraffic) {
  const std::string file = authority();
  run_to_end([&, url = tenon::test::create_mariadb_database()]() -> asio::awaitable<void> {
    auto made = co_await connect(over_tcp(url, {{"sslmode", "verify-full"}, {"sslca", file}}), {}, in(5s));
    EXPECT_TRUE(made.has_value());
    if (!made) co_return;
    Connection& connection = **made;
    EXPECT_TRUE(connection.still_open());
    const Statement echo = statement("select ?", 1);
    const std::string big(5'000'000, 'x');
    const std::vector<Parameter> parameters{big};
    const std::vector<Call> calls{{&echo, parameters}, {&echo, parameters}, {&echo, parameters}};
    auto results = co_await connection.run({.calls = calls, .deadline = in(30s)});
    EXPECT_TRUE(results && cell(*results->back()).size() == big.size());
    const Statement slow = statement("select sleep(30) from seq_1_to_2");
    const Call wait{&slow, {}};
    auto late = co_await connection.run({.calls = {&wait, 1}, .deadline = in(100ms)});
    EXPECT_FALSE(late.has_value());
    EXPECT_FALSE(connection.broken());
    EXPECT_EQ(co_await value(connection, "select 1"), "1");
    EXPECT_TRUE(connection.still_open());
  });
}

TEST(Tls, IsNotGivenUpSilently) {
  static_cast<void>(authority());
  const std::string url = tenon::test::create_mariadb_database();
  tenon::test::crash_mariadb();
  tenon::test::restart_mariadb({"--skip-ssl"});
  run_to_end([&]() -> asio::awaitable<void> {
    for (const char* mode : {"require", "verify-ca", "verify-full"}) {
      auto refused = co_await connect(over_tcp(url, {{"sslmode", mode}}), {}, in(5s));
      EXPECT_FALSE(refused.has_value()) << mode;
      if (!refused) EXPECT_EQ(to_error(refused.error(), "d").code, base::code::tls_failed);
    }
    auto preferred = co_await connect(over_tcp(url, {}), {}, in(5s));
    EXPECT_TRUE(preferred.has_value());
  });
}

}  // namespace
}  // namespace tenon::sql::test

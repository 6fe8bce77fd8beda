// Encrypted connections: verification, and the same traffic as in the clear.
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "sql/session_fixture.h"
#include "tests/support/postgres.h"

namespace tenon::sql::test {
namespace {

DatabaseUrl over_tcp(const std::string& text, std::string mode, const std::string& authority = {}) {
  DatabaseUrl url = url_of(text);
  url.host = "localhost";
  url.port = tenon::test::postgres().port;
  url.parameters["sslmode"] = std::move(mode);
  if (!authority.empty()) url.parameters["sslrootcert"] = authority;
  return url;
}

// Gives the server of this test program a certificate of its own for `localhost`; the path of a copy for
// clients. The server makes the files itself: they must belong to its account.
std::string enable_tls(const std::string& url) {
  tenon::test::run_sql(
      url,
      "copy (select 1) to program 'openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost "
      "-addext subjectAltName=DNS:localhost -keyout server.key -out server.crt -days 2 2>/dev/null && "
      "chmod 600 server.key'");
  tenon::test::run_sql(url, "alter system set ssl = on");
  tenon::test::run_sql(url, "select pg_reload_conf()");
  std::string certificate;
  run_to_end([&]() -> asio::awaitable<void> {
    auto connection = co_await open(url);
    certificate = co_await value(*connection, "select pg_read_file('server.crt')");
    // The reload is asynchronous.
    for (const auto give_up = patiently(); Clock::now() < give_up; co_await sleep(20ms))
      if (co_await connect(over_tcp(url, "require"), {}, patiently())) break;
  });
  const auto path =
      std::filesystem::temp_directory_path() / ("tenon-test-" + std::to_string(::getpid()) + ".crt");
  std::ofstream(path) << certificate;
  return path;
}

TEST(Tls, VerifiesWhatItIsAskedToVerify) {
  const std::string url = tenon::test::create_database();
  const std::string authority = enable_tls(url);
  run_to_end([&]() -> asio::awaitable<void> {
    for (const char* mode : {"require", "verify-ca", "verify-full"}) {
      auto connection =
          co_await connect(over_tcp(url, mode, mode[0] == 'v' ? authority : ""), {}, patiently());
      EXPECT_TRUE(connection.has_value()) << mode << ": " << connection.error().message;
      if (!connection) continue;
      EXPECT_EQ(co_await value(**connection, "select ssl from pg_stat_ssl where pid = pg_backend_pid()"),
                "t");
    }
    // Not signed by an authority of the system.
    auto unknown = co_await connect(over_tcp(url, "verify-full"), {}, patiently());
    EXPECT_FALSE(unknown.has_value());
    if (!unknown)
      EXPECT_EQ(to_error(unknown.error(), "d").code, base::code::tls_failed) << unknown.error().message;
    // The certificate names localhost, not this address.
    DatabaseUrl elsewhere = over_tcp(url, "verify-full", authority);
    elsewhere.host = "127.0.0.1";
    auto other_name = co_await connect(elsewhere, {}, patiently());
    EXPECT_FALSE(other_name.has_value());
    if (!other_name) EXPECT_EQ(to_error(other_name.error(), "d").code, base::code::tls_failed);

    auto connection =
        co_await connect(over_tcp(url, "verify-full", authority), {.settle_time = 60s}, patiently());
    EXPECT_TRUE(connection.has_value());
    if (!connection) co_return;
    EXPECT_TRUE((*connection)->still_open());
    const Statement echo = statement("select $1::text", 1);
    const std::string big(5'000'000, 'x');
    const std::vector<Parameter> parameters{big};
    const std::vector<Call> calls{{&echo, parameters}, {&echo, parameters}, {&echo, parameters}};
    auto results = co_await (*connection)->run({.calls = calls, .deadline = patiently()});
    EXPECT_TRUE(results && cell(*results->back()).size() == big.size());
    const Statement slow = statement("select pg_sleep(30)");
    const Call wait{&slow, {}};
    auto late = co_await (*connection)->run({.calls = {&wait, 1}, .deadline = in(100ms)});
    EXPECT_FALSE(late.has_value());
    EXPECT_FALSE((*connection)->broken());
    EXPECT_EQ(co_await value(**connection, "select 1"), "1");
    EXPECT_TRUE((*connection)->still_open());
  });
  std::filesystem::remove(authority);
}

}  // namespace
}  // namespace tenon::sql::test

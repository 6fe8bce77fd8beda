// Encrypted connections: verification, the same traffic as in the clear, and how passwords may travel.
#include "sql/session_fixture.h"
#include "tests/support/mariadb.h"

namespace tenon::sql::test {
namespace {

const std::string& authority() {
  static const std::string path = tenon::test::restart_mariadb_with_certificate();
  return path;
}

DatabaseUrl over_tcp(const std::string& text, std::map<std::string, std::string> parameters) {
  DatabaseUrl url = url_of(text);
  url.host = "localhost";
  url.parameters = std::move(parameters);
  return url;
}

asio::awaitable<std::string> cipher(Connection& connection) {
  auto rows = co_await connection.run_text("show status like 'Ssl_cipher'", patiently());
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
      auto connection = co_await connect(over_tcp(url, good), {}, patiently());
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
      auto refused = co_await connect(over_tcp(url, bad), {}, patiently());
      EXPECT_FALSE(refused.has_value());
      if (!refused)
        EXPECT_EQ(to_error(refused.error(), "d").code, base::code::tls_failed) << refused.error().message;
    }
    // The certificate names localhost, not this address.
    for (const char* host : {"127.0.0.1"}) {
      DatabaseUrl elsewhere = over_tcp(url, {{"sslmode", "verify-full"}, {"sslca", file}});
      elsewhere.host = host;
      auto other_name = co_await connect(elsewhere, {}, patiently());
      EXPECT_FALSE(other_name.has_value());
      if (!other_name)
        EXPECT_EQ(to_error(other_name.error(), "d").code, base::code::tls_failed)
            << other_name.error().message;
    }
    auto plain = co_await connect(over_tcp(url, {{"sslmode", "disable"}}), {}, patiently());
    EXPECT_TRUE(plain.has_value());
    if (plain) EXPECT_EQ(co_await cipher(**plain), "");
  });
}

TEST(Tls, CarriesTheSameTraffic) {
  const std::string file = authority();
  run_to_end([&, url = tenon::test::create_mariadb_database()]() -> asio::awaitable<void> {
    auto made = co_await connect(over_tcp(url, {{"sslmode", "verify-full"}, {"sslca", file}}),
                                 {.settle_time = 60s}, patiently());
    EXPECT_TRUE(made.has_value());
    if (!made) co_return;
    Connection& connection = **made;
    EXPECT_TRUE(connection.still_open());
    const Statement echo = statement("select ?", 1);
    const std::string big(5'000'000, 'x');
    const std::vector<Parameter> parameters{big};
    const std::vector<Call> calls{{&echo, parameters}, {&echo, parameters}, {&echo, parameters}};
    auto results = co_await connection.run({.calls = calls, .deadline = patiently()});
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

// The one thread goes on with others while a connection waits for its answer.
TEST(Tls, WhoWaitsLetsOthersWork) {
  const std::string file = authority();
  run_to_end([&, url = tenon::test::create_mariadb_database()]() -> asio::awaitable<void> {
    const DatabaseUrl encrypted = over_tcp(url, {{"sslmode", "verify-full"}, {"sslca", file}});
    auto holds = co_await connect(encrypted, {}, patiently());
    auto waits = co_await connect(encrypted, {}, patiently());
    EXPECT_TRUE(holds && waits);
    if (!holds || !waits) co_return;
    EXPECT_EQ(co_await value(**holds, "select get_lock('one', 0)"), "1");
    std::string released;
    asio::co_spawn(
        co_await asio::this_coro::executor,
        [&]() -> asio::awaitable<void> {
          co_await sleep(50ms);
          released = co_await value(**holds, "select release_lock('one')");
        },
        [](std::exception_ptr) {});
    EXPECT_EQ(co_await value(**waits, "select get_lock('one', 30)"), "1");
    EXPECT_TRUE(co_await eventually([&] { return !released.empty(); }));
    EXPECT_EQ(released, "1");
  });
}

// Which ways to give a password are taken, and when.
TEST(Tls, DecidesHowPasswordsTravel) {
  const std::string file = authority();
  const std::string url = tenon::test::create_mariadb_database(
      "create user ed@localhost identified via ed25519 using password('secret');"
      "create user native@localhost identified by 'secret';"
      "create user pam@localhost identified via pam using 'mariadb';"
      "grant all on *.* to ed@localhost; grant all on *.* to native@localhost");
  run_to_end([&]() -> asio::awaitable<void> {
    for (const char* user : {"ed", "native"})
      for (const char* mode : {"disable", "verify-full"}) {
        DatabaseUrl one = over_tcp(url, {{"sslmode", mode}, {"sslca", file}});
        one.user = user;
        one.password = base::Secret("secret");
        auto connection = co_await connect(one, {}, patiently());
        EXPECT_TRUE(connection.has_value()) << user << mode << connection.error().message;
        one.password = base::Secret("wrong");
        auto refused = co_await connect(one, {}, patiently());
        EXPECT_FALSE(refused.has_value());
        if (!refused) EXPECT_EQ(refused.error().failure, Failure::authentication);
      }
    // In the clear: only to a server that has shown who it is. (The server then says no.)
    for (const char* mode : {"disable", "require", "verify-full"}) {
      DatabaseUrl one = over_tcp(url, {{"sslmode", mode}, {"sslca", file}});
      one.user = "pam";
      one.password = base::Secret("secret");
      auto refused = co_await connect(one, {}, patiently());
      EXPECT_FALSE(refused.has_value());
      if (refused) continue;
      EXPECT_EQ(refused.error().failure, Failure::authentication) << refused.error().message;
      const bool asked = refused.error().message.find("Access denied") != std::string::npos;
      EXPECT_EQ(asked, mode[0] == 'v') << mode << ": " << refused.error().message;
    }
  });
}

TEST(Tls, IsNotGivenUpSilently) {
  static_cast<void>(authority());
  const std::string url = tenon::test::create_mariadb_database();
  tenon::test::crash_mariadb();
  tenon::test::restart_mariadb({{"ssl", "OFF"}});
  run_to_end([&]() -> asio::awaitable<void> {
    for (const char* mode : {"require", "verify-ca", "verify-full"}) {
      auto refused = co_await connect(over_tcp(url, {{"sslmode", mode}}), {}, patiently());
      EXPECT_FALSE(refused.has_value()) << mode;
      if (!refused) EXPECT_EQ(to_error(refused.error(), "d").code, base::code::tls_failed);
    }
    auto preferred = co_await connect(over_tcp(url, {}), {}, patiently());
    EXPECT_TRUE(preferred.has_value());
  });
}

}  // namespace
}  // namespace tenon::sql::test

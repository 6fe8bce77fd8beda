#include "sql/mysql/parameters.h"

#include <gtest/gtest.h>

namespace tenon::sql::mysql {
namespace {

DatabaseResult<ConnectionParameters> parse(const std::string& text) {
  const auto url = parse_database_url("mysql://" + text);
  EXPECT_TRUE(url.has_value()) << text;
  return connection_parameters(url.value_or(DatabaseUrl{}), {});
}

ConnectionParameters good(const std::string& text) {
  auto parameters = parse(text);
  EXPECT_TRUE(parameters.has_value()) << text << ": " << parameters.error().message;
  return parameters.value_or(ConnectionParameters{});
}

TEST(Parameters, SayWhereAndWho) {
  const auto plain = good("u:p%40ss@db.example:3307/shop");
  EXPECT_EQ(plain.host, "db.example");
  EXPECT_EQ(plain.port, 3307);
  EXPECT_EQ(plain.user, "u");
  EXPECT_EQ(plain.password.reveal(), "p@ss");
  EXPECT_EQ(plain.database, "shop");
  EXPECT_EQ(plain.program_name, "tenon");
  EXPECT_EQ(plain.socket, "");
  EXPECT_EQ(good("u@h/d").port, 3306);
  EXPECT_EQ(good("u@/d").host, "localhost");
  EXPECT_EQ(good("u@h/d?socket=/run/m.sock").socket, "/run/m.sock");
  EXPECT_EQ(good("u@%2Frun%2Fm.sock/d").socket, "/run/m.sock");
  EXPECT_EQ(good("u@h/d?application_name=shop").program_name, "shop");
}

TEST(Parameters, SayHowToEncrypt) {
  EXPECT_EQ(good("h/d").tls, Tls::preferred);
  EXPECT_EQ(good("h/d?socket=/s").tls, Tls::disabled) << "nobody listens in on a socket of this machine";
  EXPECT_EQ(good("h/d?sslmode=disable").tls, Tls::disabled);
  EXPECT_EQ(good("h/d?ssl-mode=PREFERRED").tls, Tls::preferred);
  EXPECT_EQ(good("h/d?ssl-mode=REQUIRED").tls, Tls::required);
  EXPECT_EQ(good("h/d?ssl-mode=VERIFY_CA").tls, Tls::verified);
  EXPECT_EQ(good("h/d?sslmode=verify-full").tls, Tls::verified);
  EXPECT_EQ(good("h/d?sslaccept=strict").tls, Tls::verified);
  EXPECT_EQ(good("h/d?sslaccept=strict&sslmode=disable").tls, Tls::verified) << "the stricter one holds";
  EXPECT_EQ(good("h/d?sslaccept=accept_invalid_certs").tls, Tls::required);
  EXPECT_EQ(good("h/d?ssl=true").tls, Tls::required);
  EXPECT_EQ(good("h/d?ssl=%7B%22rejectUnauthorized%22:true%7D").tls, Tls::verified);
  EXPECT_EQ(good("h/d?sslcert=/ca.pem").tls, Tls::required) << "who names a certificate wants encryption";
}

TEST(Parameters, TellAuthoritiesFromClientCertificates) {
  const auto prisma = good("h/d?sslaccept=strict&sslcert=/ca.pem");
  EXPECT_EQ(prisma.authority_file, "/ca.pem");
  EXPECT_EQ(prisma.certificate_file, "");
  const auto both = good("h/d?ssl-mode=VERIFY_IDENTITY&ssl-ca=/ca.pem&ssl-cert=/me.pem&ssl-key=/me.key");
  EXPECT_EQ(both.authority_file, "/ca.pem");
  EXPECT_EQ(both.certificate_file, "/me.pem");
  EXPECT_EQ(both.key_file, "/me.key");
  EXPECT_FALSE(good("h/d?sslmode=verify-full").authority_file.empty()) << "the system's";
  const auto identity = parse("h/d?sslidentity=/me.p12");
  ASSERT_FALSE(identity.has_value());
  EXPECT_NE(identity.error().message.find("openssl pkcs12"), std::string::npos);
}

TEST(Parameters, SessionsAreSetUpInOneStatement) {
  const auto text_of = [](Capabilities capabilities) {
    return session_statement({.statement_timeout = std::chrono::milliseconds(1500)}, capabilities);
  };
  const std::string mariadb = text_of(capabilities_of({ServerVersion::Product::mariadb, 10, 11, 6}));
  EXPECT_EQ(mariadb,
            "SET NAMES utf8mb4 COLLATE utf8mb4_bin, time_zone = '+00:00', autocommit = 1, sql_mode = "
            "'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
            "NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 2, lock_wait_timeout = 2, "
            "max_statement_time = 1.500, idle_transaction_timeout = 60");
  const std::string mysql = text_of(capabilities_of({ServerVersion::Product::mysql, 8, 0, 36}));
  EXPECT_NE(mysql.find("max_execution_time = 1500"), std::string::npos);
  EXPECT_EQ(mysql.find("idle_transaction_timeout"), std::string::npos);
  EXPECT_EQ(mysql.find("max_statement_time"), std::string::npos);
}

}  // namespace
}  // namespace tenon::sql::mysql

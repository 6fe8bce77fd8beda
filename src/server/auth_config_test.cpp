#include "server/auth_config.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/database_authority.h"
#include "server/project.h"
#include "server/secrets.h"

namespace tenon::server {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Of nobody: its key was thrown away.
constexpr const char* authority = R"(-----BEGIN CERTIFICATE-----
MIIBcDCCARWgAwIBAgIUbZQ4kWd5+pmAIvFc2f4p86owWRswCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBdDAgFw0yNjExMjExMzU2MjVaGA8yMTI2MTAyODEzNTYyNVow
DDEKMAgGA1UEAwwBdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBliCPvDhC9i
IfKlY9RFGij0YWaSyGYEN3TaNazopsK2ud+qI9xVGPdKdnE4YbhwGQyY/EBf7X5E
Sfvl7dps2KOjUzBRMB0GA1UdDgQWBBSfpEkc6KZTVdfoUj3PGdQE8Q4XXDAfBgNV
HSMEGDAWgBSfpEkc6KZTVdfoUj3PGdQE8Q4XXDAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0kAMEYCIQCVqUVAkywornWbX3wFXfSpyiWbeFteORCw1oam+WCP
7AIhAKZx0D0kBC7wTb8BBjBUm4m7BNto28k0CxujSd+kQCOD
-----END CERTIFICATE-----
)";

class Auth : public testing::Test {
 protected:
  Auth() {
    std::string pattern = (fs::temp_directory_path() / "tenon-auth-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = fs::canonical(pattern);
  }
  ~Auth() override { fs::remove_all(root_); }

  Project project(std::string toml, Variables variables = {}) {
    base::SourceSet sources;
    base::Diagnostics diagnostics;
    Project made{.folder = root_, .environment = Environment(std::move(variables))};
    made.config = read_config(sources, sources.add("tenon.toml", std::move(toml)), diagnostics);
    findings_ = base::render(diagnostics, sources, {});
    return made;
  }
  // What is wrong, of the file or of what it refers to.
  std::string wrong(std::string toml, Variables variables = {}) {
    const Project made = project(std::move(toml), std::move(variables));
    if (!findings_.empty()) return findings_;
    const auto trust = trust_of(made);
    return trust ? "" : to_string(trust.error());
  }
  fs::path root_;
  std::string findings_;
};

TEST_F(Auth, EverySectionIsRead) {
  const Project made = project(R"(
[api]
keys = ["env:K1", "env:K2"]
[auth]
guests = true
[[auth.api_keys]]
name = "web"
key = "env:K1"
[[auth.api_keys]]
name = "mobile"
sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
expires = 2027-01-31
[auth.user_pools]
issuer = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_x"
client_id = "a|b"
max_age = "1 h"
[auth.oidc.login]
issuer = "https://login.example/"
audience = "api"
token_use = ["access"]
jwks_url = "https://keys.example/jwks"
clock_skew = "5 s"
[auth.oidc.local]
issuer = "http://127.0.0.1:9000"
[auth.function]
url = "http://localhost:9000/check"
ttl = "90 s"
timeout = "2 s"
[auth.services.billing]
access_key_id = "AKIA"
secret = "env:K2"
[auth.services.visitor]
access_key_id = "ASIA"
secret = "env:K2"
session_token = "env:K1"
role = "guest"
)",
                               {{"K1", "one"}, {"K2", "two"}});
  EXPECT_EQ(findings_, "");
  const auto trust = trust_of(made);
  ASSERT_TRUE(trust) << to_string(trust.error());
  EXPECT_EQ(trust->modes(), "apiKey, userPools, oidc, function, iam, guests");
  ASSERT_EQ(trust->api_keys.size(), 4);
  EXPECT_EQ(trust->api_keys[0].name, "1");
  EXPECT_EQ(trust->api_keys[2].name, "web");
  EXPECT_EQ(trust->api_keys[0].sha256, trust->api_keys[2].sha256);
  // The last day counts.
  EXPECT_EQ(trust->api_keys[3].expires, std::chrono::sys_days(std::chrono::February / 1 / 2027));
  ASSERT_EQ(trust->issuers.size(), 3);
  EXPECT_EQ(trust->issuers[0].rules.provider, policy::Provider::user_pools);
  EXPECT_THAT(trust->issuers[0].rules.token_use, ElementsAre("access", "id"));
  EXPECT_EQ(trust->issuers[0].rules.age_max, 1h);
  EXPECT_TRUE(trust->issuers[0].rules.client_id->matches("b"));
  EXPECT_FALSE(trust->issuers[0].rules.client_id->matches("ab"));
  EXPECT_FALSE(trust->issuers[0].key_set_url);
  const identity::IssuerOptions& local = trust->issuers[1];
  EXPECT_EQ(local.rules.issuer, "http://127.0.0.1:9000");
  EXPECT_THAT(local.rules.token_use, IsEmpty());
  EXPECT_EQ(trust->issuers[2].key_set_url->host, "keys.example");
  EXPECT_EQ(trust->issuers[2].rules.clock_skew, 5s);
  EXPECT_EQ(trust->authorizer->ttl, 90s);
  EXPECT_EQ(trust->authorizer->timeout, 2s);
  ASSERT_EQ(trust->services.size(), 2);
  EXPECT_EQ(trust->services[0].role, identity::ServiceOptions::Role::unrestricted);
  EXPECT_EQ(trust->services[1].role, identity::ServiceOptions::Role::guest);
  EXPECT_EQ(trust->services[1].session_token.reveal(), "one");
}

TEST_F(Auth, AKeyMayBeGoodForVeryLong) {
  const std::string hash(64, '0');
  const auto trust =
      trust_of(project("[[auth.api_keys]]\nname = \"a\"\nsha256 = \"" + hash + "\"\nexpires = 9999-12-31\n"));
  ASSERT_TRUE(trust);
  EXPECT_GT(trust->api_keys[0].expires, identity::SystemClock::now());
}

TEST_F(Auth, NothingIsNobody) {
  EXPECT_TRUE(trust_of(project(""))->empty());
  EXPECT_FALSE(trust_of(project("[auth]\nguests = true\n"))->empty());
}

TEST_F(Auth, MistakesHaveTheirPlace) {
  EXPECT_THAT(wrong("[auth.oidc.a]\nissuer = \"http://a.example\"\n"), HasSubstr("this machine only"));
  EXPECT_THAT(wrong("[auth.oidc.a]\nissuer = \"http://a.example\"\n"), HasSubstr("tenon.toml:1:1"));
  EXPECT_THAT(wrong("[auth.oidc.a]\nissuer = \"ftp://a\"\n"), HasSubstr("TN1001"));
  EXPECT_THAT(wrong("[auth.oidc.a]\nissuer = \"https://a\"\njwks_url = \"http://b/\"\n"),
              HasSubstr("this machine only"));
  EXPECT_THAT(wrong("[auth.oidc.a]\nissuer = \"https://a\"\naudience = \"(\"\n"),
              HasSubstr("regular expression"));
  EXPECT_THAT(wrong("[auth.oidc.a]\nissuer = \"https://a\"\nca = \"env:NONE\"\n"), HasSubstr("TN1002"));
  EXPECT_THAT(wrong("[auth.oidc.a]\nissuer = \"https://a\"\nca = \"env:X\"\n", {{"X", "no certificate"}}),
              HasSubstr("PEM"));
  EXPECT_THAT(wrong("[auth.oidc.a]\nissuer = \"https://a\"\n[auth.user_pools]\nissuer = \"https://a\"\n"),
              HasSubstr("twice"));
  EXPECT_THAT(wrong("[auth.oidc]\na = 1\n"), HasSubstr("a table"));
  EXPECT_THAT(wrong("[auth.function]\nurl = \"http://authorizer/\"\n"), HasSubstr("this machine only"));
  EXPECT_THAT(wrong("[auth.function]\nurl = \"https://a\"\nttl = \"2 d\"\n"), HasSubstr("a time such as"));
  EXPECT_THAT(wrong("[auth]\napi_keys = 1\n"), HasSubstr("a list of tables"));
  EXPECT_THAT(wrong("[[auth.api_keys]]\nname = \"a\"\n"), HasSubstr("either key or sha256"));
  EXPECT_THAT(wrong("[[auth.api_keys]]\nkey = \"env:K\"\n"), HasSubstr("has no name"));
  EXPECT_THAT(wrong("[[auth.api_keys]]\nname = \"a\"\nsha256 = \"12\"\n"),
              HasSubstr("neither a key nor a SHA-256"));
  EXPECT_THAT(wrong("[[auth.api_keys]]\nname = \"a\"\nsha256 = \"12\"\nexpires = \"2027-02-30\"\n"),
              HasSubstr("a day such as"));
  EXPECT_THAT(
      wrong("[auth.services.a]\naccess_key_id = \"A\"\nsecret = \"env:K\"\nrole = \"root\"\n", {{"K", "k"}}),
      HasSubstr("\"guest\""));
}

TEST_F(Auth, SecretsInTheFileAreNotRepeated) {
  for (const char* toml :
       {"[[auth.api_keys]]\nname = \"a\"\nkey = \"hunter2\"\n",
        "[auth.services.a]\naccess_key_id = \"A\"\nsecret = \"hunter2\"\n",
        "[auth.services.a]\naccess_key_id = \"A\"\nsecret = \"env:K\"\nsession_token = \"hunter2\"\n"}) {
    const std::string text = wrong(toml);
    EXPECT_THAT(text, HasSubstr("holds a secret itself"));
    EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  }
}

using Secrets = Auth;
TEST_F(Secrets, AreWhatReferencesStandFor) {
  Project made = project("");
  EXPECT_TRUE(open_secrets(made)->names().empty());
  identity::SecretStore store;
  store.set("KEY", base::Secret("kept"));
  ASSERT_TRUE(save_secrets(made, store));
  struct stat about{};
  for (const char* file : {".tenon/secrets", ".tenon/secrets.key"}) {
    ASSERT_EQ(::stat((root_ / file).c_str(), &about), 0) << file;
    EXPECT_EQ(about.st_mode & 0777U, 0600U) << file;
  }
  EXPECT_EQ(resolve(made, Reference{.text = "secret:KEY", .place = "p"})->reveal(), "kept");
  const auto none = resolve(made, Reference{.text = "secret:NONE", .place = "p"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code.text, "TN1002");
  EXPECT_EQ(none.error().place, "p");
  // Another key, and none.
  const auto other =
      resolve(project("", {{"TENON_SECRET_KEY", "other"}}), Reference{.text = "secret:KEY", .place = "p"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code.text, "TN1007");
  fs::remove(root_ / ".tenon/secrets.key");
  EXPECT_EQ(open_secrets(made).error().code.text, "TN1002");
  EXPECT_FALSE(save_secrets(made, store)) << "what is there would be lost";
}

TEST_F(Secrets, MayLieElsewhereWithAKeyOfTheEnvironment) {
  const Project made =
      project("[secrets]\nfile = \"deploy/secrets\"\n", {{"TENON_SECRET_KEY", "of the environment"}});
  identity::SecretStore store;
  store.set("KEY", base::Secret("kept"));
  ASSERT_TRUE(save_secrets(made, store));
  EXPECT_TRUE(fs::exists(root_ / "deploy/secrets"));
  EXPECT_FALSE(fs::exists(root_ / "deploy/secrets.key"));
  EXPECT_EQ(resolve(made, Reference{.text = "secret:KEY", .place = ""})->reveal(), "kept");
}

using Authority = Auth;
TEST_F(Authority, BecomesAParameterOfTheUrl) {
  std::ofstream(root_ / "ca.pem") << authority;
  const auto plain = sql::parse_database_url("postgresql://u@h/d").value();
  const Project by_file = project("[database]\nca = \"file:ca.pem\"\n");
  auto url = with_authority(by_file, plain);
  ASSERT_TRUE(url) << to_string(url.error());
  EXPECT_EQ(url->parameters["sslrootcert"], (root_ / "ca.pem").string());
  EXPECT_EQ(url->parameters["sslmode"], "verify-full");
  const Project by_variable = project("[database]\nca = \"env:CA\"\n", {{"CA", authority}});
  url = with_authority(by_variable, sql::parse_database_url("mysql://u@h/d?sslmode=verify-ca").value());
  ASSERT_TRUE(url) << to_string(url.error());
  EXPECT_THAT(url->parameters["sslrootcert"], HasSubstr((root_ / ".tenon/ca-").string()));
  EXPECT_EQ(url->parameters["sslmode"], "verify-ca");
  struct stat about{};
  ASSERT_EQ(::stat(url->parameters["sslrootcert"].c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  const auto own =
      with_authority(by_file, sql::parse_database_url("postgresql://u@h/d?sslrootcert=/x.pem").value());
  EXPECT_EQ(own->parameters.at("sslrootcert"), "/x.pem");
  EXPECT_FALSE(own->parameters.contains("sslmode"));
  EXPECT_EQ(with_authority(project(""), plain)->parameters, plain.parameters);
  EXPECT_EQ(
      with_authority(project("[database]\nca = \"env:CA\"\n", {{"CA", "no PEM"}}), plain).error().code.text,
      "TN1001");
  EXPECT_EQ(with_authority(project("[database]\nca = \"file:none\"\n"), plain).error().code.text, "TN1002");
}

}  // namespace
}  // namespace tenon::server

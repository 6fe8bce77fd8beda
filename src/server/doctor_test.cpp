#include "server/doctor.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/test_shop.h"

namespace tenon::server {
namespace {

using namespace std::chrono_literals;
using sql::TlsDemand;

const std::chrono::sys_seconds today(std::chrono::sys_days(std::chrono::year(2026) / 6 / 1));

sql::Reach open_reach() {
  return {.host = "db.example.com",
          .port = 5432,
          .addresses = {{.text = "10.0.0.7", .error = {}, .time = 400us}},
          .tls_offered = true,
          .tls = sql::TlsView{.version = "TLSv1.3",
                              .chain = {{.subject = "CN=db.example.com",
                                         .issuer = "CN=ca",
                                         .begins = today - std::chrono::days(10),
                                         .ends = today + std::chrono::days(90)}},
                              .distrust = {},
                              .names_host = true}};
}

// "good: text" or, with a remedy, "bad: text → remedy", of the finding of one kind.
std::string of(const Findings& findings, std::string_view check) {
  for (const Finding& each : findings)
    if (each.check == check)
      return fmt::format("{}: {}{}", to_string(each.verdict), each.text,
                         each.remedy.empty() ? "" : " → " + each.remedy);
  return "none";
}

std::string tls_of(const sql::Reach& reach, TlsDemand demand) {
  return of(judge_way(reach, {.demand = demand, .authority_file = {}}, today), "tls");
}

TEST(Doctor, FindsNothingOnAGoodWay) {
  const Findings findings =
      judge_way(open_reach(), {.demand = TlsDemand::verified, .authority_file = {}}, today);
  EXPECT_EQ(of(findings, "name"), "good: db.example.com is 10.0.0.7.");
  EXPECT_EQ(of(findings, "port"), "good: port 5432 of 10.0.0.7 took a connection in 0.4 ms.");
  EXPECT_EQ(of(findings, "tls"), "good: TLSv1.3, CN=db.example.com, until 2026-08-30.");
}

TEST(Doctor, StopsAtANameThatLeadsNowhere) {
  sql::Reach reach{.host = "nowhere", .port = 5432, .name_error = "Name or service not known"};
  const Findings findings = judge_way(reach, {}, today);
  EXPECT_TRUE(
      of(findings, "name").starts_with("bad: nowhere cannot be resolved: Name or service not known."));
  EXPECT_EQ(of(findings, "port"), "skipped: not looked at.");
  EXPECT_EQ(of(findings, "tls"), "skipped: not looked at.");
}

TEST(Doctor, TellsARefusalFromSilence) {
  sql::Reach reach = open_reach();
  reach.addresses = {{.text = "10.0.0.7", .error = "Connection refused", .time = {}}};
  const std::string refused = of(judge_way(reach, {}, today), "port");
  EXPECT_TRUE(refused.starts_with("bad: nobody takes connections: 10.0.0.7: Connection refused. → start"))
      << refused;
  reach.addresses.front().error = "no answer within 5000 ms";
  EXPECT_NE(of(judge_way(reach, {}, today), "port").find("firewall"), std::string::npos);
}

TEST(Doctor, WarnsOfAnAddressThatDoesNotAnswerBesideOneThatDoes) {
  sql::Reach reach = open_reach();
  reach.addresses.insert(reach.addresses.begin(), {.text = "::1", .error = "Connection refused", .time = {}});
  EXPECT_TRUE(
      of(judge_way(reach, {}, today), "port")
          .starts_with("warning: port 5432 of 10.0.0.7 took a connection in 0.4 ms; ::1: Connection"));
}

TEST(Doctor, JudgesCertificatesByWhatTheUrlAsks) {
  sql::Reach reach = open_reach();
  EXPECT_TRUE(tls_of(reach, TlsDemand::encrypted).starts_with("warning: TLSv1.3, CN=db.example.com, until"));
  reach.tls->distrust = "self-signed certificate";
  EXPECT_TRUE(tls_of(reach, TlsDemand::verified).starts_with("bad: "));
  EXPECT_TRUE(tls_of(reach, TlsDemand::when_offered).starts_with("warning: "));
  reach = open_reach();
  reach.tls->names_host = false;
  EXPECT_NE(tls_of(reach, TlsDemand::verified).find("the certificate is not for db.example.com"),
            std::string::npos);
  reach = open_reach();
  reach.tls->chain.front().ends = today + std::chrono::days(12);
  EXPECT_NE(tls_of(reach, TlsDemand::verified)
                .find("warning: TLSv1.3, CN=db.example.com, until 2026-06-13: 12 days"),
            std::string::npos);
  reach.tls->chain.front().ends = today - std::chrono::days(1);
  EXPECT_TRUE(tls_of(reach, TlsDemand::verified).starts_with("bad: the certificate ended on 2026-05-31"));
}

TEST(Doctor, JudgesTheLackOfTls) {
  sql::Reach reach = open_reach();
  reach.tls.reset();
  reach.tls_offered = false;
  EXPECT_TRUE(tls_of(reach, TlsDemand::verified).starts_with("bad: the URL asks for TLS"));
  EXPECT_TRUE(tls_of(reach, TlsDemand::when_offered).starts_with("warning: the server does not offer it"));
  reach.host = "127.0.0.1";
  EXPECT_EQ(tls_of(reach, TlsDemand::when_offered), "good: not used; the server is on this machine.");
  reach.port = 0;
  EXPECT_EQ(tls_of(reach, TlsDemand::when_offered), "good: not needed on a Unix socket.");
}

TEST(Doctor, JudgesVersions) {
  using Product = sql::ServerVersion::Product;
  EXPECT_EQ(judge_version({Product::postgresql, 15, 4, 0}).verdict, Verdict::good);
  EXPECT_EQ(judge_version({Product::postgresql, 12, 9, 0}).verdict, Verdict::warning);
  EXPECT_EQ(judge_version({Product::mariadb, 10, 5, 0}).verdict, Verdict::warning);
  EXPECT_EQ(judge_version({Product::mysql, 8, 0, 14}).verdict, Verdict::good);
}

TEST(Doctor, JudgesClocks) {
  EXPECT_EQ(judge_clock(2s).verdict, Verdict::good);
  EXPECT_EQ(judge_clock(90s).text, "the database's clock is 90 s ahead of ours.");
  EXPECT_EQ(judge_clock(-90s).text, "the database's clock is 90 s behind ours.");
}

TEST(Doctor, JudgesConnections) {
  EXPECT_EQ(judge_connections({.server_max = 100, .in_use = 5}, 40).verdict, Verdict::good);
  EXPECT_EQ(judge_connections({.server_max = 100, .in_use = 70}, 40).verdict, Verdict::warning);
  EXPECT_EQ(judge_connections({.server_max = 100, .in_use = 5}, 160).verdict, Verdict::bad);
  EXPECT_EQ(judge_connections({.server_max = 100, .in_use = 5, .user_max = 20}, 40).verdict, Verdict::bad);
}

TEST(Doctor, KnowsWhatTheApiDoesWithEachTable) {
  const auto schema = api::shop_schema();
  const auto needs = needs_of(*schema, {});
  const auto customer = std::ranges::find(needs, "customer", &TableNeed::table);
  ASSERT_NE(customer, needs.end());
  EXPECT_EQ(customer->schema, "bench");
  EXPECT_TRUE(customer->select && customer->insert && customer->update && customer->remove);
  EXPECT_FALSE(customer->columns.empty());
  EXPECT_FALSE(customer->changeable.empty());
}

}  // namespace
}  // namespace tenon::server

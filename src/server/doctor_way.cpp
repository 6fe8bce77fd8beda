// The way to a server, judged.
#include <algorithm>

#include <fmt/format.h>

#include "base/terminal.h"
#include "server/doctor.h"

namespace tenon::server {

namespace {

using namespace std::chrono_literals;
using sql::TlsDemand;
using Days = std::chrono::days;

constexpr Days renewal_notice{30};

Finding name_finding(const sql::Reach& reach) {
  if (!reach.name_error.empty())
    return {.check = "name",
            .verdict = Verdict::bad,
            .text = fmt::format("{} cannot be resolved: {}.", reach.host, reach.name_error),
            .remedy = "correct the host in the database URL, or look at DNS and /etc/hosts on this machine"};
  std::string addresses;
  for (const sql::Address& each : reach.addresses)
    addresses += fmt::format("{}{}", addresses.empty() ? "" : ", ", each.text);
  return {.check = "name", .text = fmt::format("{} is {}.", reach.host, addresses), .remedy = {}};
}

std::string port_remedy(const sql::Reach& reach, bool silent) {
  if (reach.port == 0) return "start the server, or correct the socket's folder in the database URL";
  if (silent)
    return fmt::format(
        "let this machine through to port {}: a firewall or security group drops what it sends", reach.port);
  return fmt::format(
      "start the server, let it listen on an address that others reach (listen_addresses, "
      "bind-address), or correct the port {} in the database URL",
      reach.port);
}

Finding port_finding(const sql::Reach& reach) {
  std::string failures;
  bool silent = false;
  for (const sql::Address& each : reach.addresses) {
    if (each.error.empty()) continue;
    failures += fmt::format("{}{}: {}", failures.empty() ? "" : "; ", each.text, each.error);
    silent = silent || each.error.starts_with("no answer");
  }
  const auto open = std::ranges::find(reach.addresses, std::string(), &sql::Address::error);
  if (open == reach.addresses.end())
    return {.check = "port",
            .verdict = Verdict::bad,
            .text = fmt::format("nobody takes connections: {}.", failures),
            .remedy = port_remedy(reach, silent)};
  const std::string where =
      reach.port == 0 ? open->text : fmt::format("port {} of {}", reach.port, open->text);
  std::string text = fmt::format("{} took a connection in {:.1f} ms", where,
                                 std::chrono::duration<double, std::milli>(open->time).count());
  if (failures.empty()) return {.check = "port", .text = text + ".", .remedy = {}};
  return {.check = "port",
          .verdict = Verdict::warning,
          .text = fmt::format("{}; {}.", text, failures),
          .remedy =
              "every address of the name is tried in turn, so let each of them answer or take it out of DNS"};
}

std::string day(std::chrono::sys_seconds time) {
  const std::chrono::year_month_day date(std::chrono::floor<Days>(time));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

Finding tls(Verdict verdict, std::string text, std::string remedy = {}) {
  return {.check = "tls", .verdict = verdict, .text = std::move(text), .remedy = std::move(remedy)};
}

// Without encryption, by wish or because there is none.
Finding plain_finding(const sql::Reach& reach, const sql::TlsWish& wish) {
  const bool here = reach.host == "localhost" || reach.host.starts_with("127.") || reach.host == "::1";
  if (wish.demand == TlsDemand::encrypted || wish.demand == TlsDemand::verified)
    return tls(
        Verdict::bad, "the URL asks for TLS, and the server does not offer it.",
        "turn TLS on in the server (ssl = on, or ssl-cert and ssl-key), or take sslmode out of the URL");
  if (here) return tls(Verdict::good, "not used; the server is on this machine.");
  if (reach.tls_offered)
    return tls(Verdict::warning,
               "not used, because the URL says so: passwords and rows are sent in the clear.",
               "write sslmode=verify-full into the database URL");
  return tls(Verdict::warning, "the server does not offer it: passwords and rows are sent in the clear.",
             "turn TLS on in the server, then write sslmode=verify-full into the database URL");
}

std::string chain_text(const sql::TlsView& view) {
  std::string text;
  for (const sql::Certificate& each : view.chain)
    text += fmt::format("{}{}", text.empty() ? "" : " < ", base::printable(each.subject));
  return text;
}

// Everything about the certificate that keeps it from being believed, as one clause.
std::string distrust_of(const sql::TlsView& view, const std::string& host) {
  std::string text = view.distrust;
  if (!view.names_host)
    text += fmt::format("{}the certificate is not for {}", text.empty() ? "" : ", and ", host);
  return text;
}

Finding certificate_finding(const sql::Reach& reach, const sql::TlsWish& wish, std::chrono::sys_seconds now) {
  const sql::TlsView& view = *reach.tls;
  if (view.chain.empty()) return tls(Verdict::bad, "the server shows no certificate.", "give it one");
  const sql::Certificate& own = view.chain.front();
  const std::string seen = fmt::format("{}, {}, until {}", view.version, chain_text(view), day(own.ends));
  const bool believed = wish.demand == TlsDemand::verified;
  if (now > own.ends)
    return tls(believed ? Verdict::bad : Verdict::warning,
               fmt::format("the certificate ended on {} ({}).", day(own.ends), chain_text(view)),
               "renew the server's certificate");
  if (const std::string distrust = distrust_of(view, reach.host); !distrust.empty())
    return tls(believed ? Verdict::bad : Verdict::warning, fmt::format("{}: {}.", seen, distrust),
               believed
                   ? "name its authority's file with sslrootcert in the database URL, and the host as the "
                     "certificate has it"
                   : "nobody checks it: write sslmode=verify-full and sslrootcert=FILE into the database "
                     "URL, with the file of its authority");
  if (own.ends - now < renewal_notice)
    return tls(Verdict::warning,
               fmt::format("{}: {} days are left.", seen, std::chrono::floor<Days>(own.ends - now).count()),
               "renew the server's certificate");
  if (!believed)
    return tls(Verdict::warning, fmt::format("{}, and nobody checks it.", seen),
               "write sslmode=verify-full into the database URL: this certificate would pass");
  return tls(Verdict::good, seen + ".");
}

Finding tls_finding(const sql::Reach& reach, const sql::TlsWish& wish, std::chrono::sys_seconds now) {
  if (!reach.open()) return tls(Verdict::skipped, "not looked at.");
  if (reach.port == 0) return tls(Verdict::good, "not needed on a Unix socket.");
  if (reach.tls && wish.demand != TlsDemand::none) return certificate_finding(reach, wish, now);
  if (!reach.tls_error.empty() && wish.demand != TlsDemand::none)
    return tls(Verdict::bad, fmt::format("there was no handshake: {}.", base::printable(reach.tls_error)),
               "look at the server's log; host and port may be those of something else");
  return plain_finding(reach, wish);
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::good:
      return "good";
    case Verdict::warning:
      return "warning";
    case Verdict::bad:
      return "bad";
    case Verdict::skipped:
      return "skipped";
  }
  return "";
}

Findings judge_way(const sql::Reach& reach, const sql::TlsWish& wish, std::chrono::sys_seconds now) {
  Findings findings;
  if (!reach.host.empty()) findings.push_back(name_finding(reach));
  if (!reach.name_error.empty()) {
    findings.push_back(
        {.check = "port", .verdict = Verdict::skipped, .text = "not looked at.", .remedy = {}});
  } else {
    findings.push_back(port_finding(reach));
  }
  findings.push_back(tls_finding(reach, wish, now));
  return findings;
}

}  // namespace tenon::server

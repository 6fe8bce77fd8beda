// How far one gets towards a database server before anybody logs in: its name, its port, its certificate.
// Connections tell the first thing that failed; this looks at each step alone, for `tenon doctor`.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sql/url.h"

namespace tenon::sql {

// What a URL asks of the way to the server.
enum class TlsDemand : std::uint8_t { none, when_offered, encrypted, verified };

struct TlsWish {
  TlsDemand demand = TlsDemand::when_offered;
  std::string authority_file;  // PEM, that a certificate is looked up in: the URL's, else the system's
};
// As the engines' own connections take the URL. An authority that is named makes `encrypted` verify it.
TlsWish tls_wish(const DatabaseUrl& url);

struct Certificate {
  std::string subject;
  std::string issuer;
  std::chrono::sys_seconds begins;
  std::chrono::sys_seconds ends;
};

// The server's side of a handshake that accepts any certificate.
struct TlsView {
  std::string version;             // "TLSv1.3"
  std::vector<Certificate> chain;  // the server's own first, then as it sent them
  std::string distrust;            // why no authority of the wish stands behind it; empty: one does
  bool names_host = false;         // the certificate is for the host of the URL
};

struct Address {
  std::string text;   // numeric, or the path of a Unix socket
  std::string error;  // empty: it took the connection
  std::chrono::microseconds time{};
};

struct Reach {
  std::string host;
  std::uint16_t port = 0;  // zero with a Unix socket
  std::string name_error;  // the name could not be resolved
  std::vector<Address> addresses;
  bool tls_offered = false;
  std::string tls_error;  // it offers TLS, or should, and there was no handshake
  std::optional<TlsView> tls;

  bool open() const;
};

// Blocks; each step no longer than `patience`. TLS is looked at on the first address that answers.
Reach reach(const DatabaseUrl& url, std::chrono::milliseconds patience);

}  // namespace tenon::sql

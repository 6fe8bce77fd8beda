#include "sql/reach.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sql/authorities.h"
#include "sql/mysql/parameters.h"
#include "sql/postgres/parameters.h"
#include "sql/tls_view.h"

namespace tenon::sql {

namespace {

using Milliseconds = std::chrono::milliseconds;

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket& operator=(Socket&&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string error_text(int number) { return std::strerror(number); }

// Empty: connected. Afterwards the socket blocks, no longer than `patience` for each read and write.
std::string connect(const Socket& socket, const sockaddr* address, socklen_t size, Milliseconds patience) {
  const int flags = ::fcntl(socket.get(), F_GETFL);
  ::fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK);
  if (::connect(socket.get(), address, size) != 0 && errno != EINPROGRESS) return error_text(errno);
  pollfd wait{.fd = socket.get(), .events = POLLOUT, .revents = 0};
  if (::poll(&wait, 1, static_cast<int>(patience.count())) == 0)
    return fmt::format("no answer within {} ms", patience.count());
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) return error_text(error);
  ::fcntl(socket.get(), F_SETFL, flags);
  const timeval limit{.tv_sec = patience.count() / 1000, .tv_usec = patience.count() % 1000 * 1000};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  return {};
}

bool send_all(const Socket& socket, std::string_view bytes) {
  return ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

std::string receive(const Socket& socket, std::size_t count) {
  std::string bytes(count, '\0');
  const ssize_t got = ::recv(socket.get(), bytes.data(), count, MSG_WAITALL);
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

struct Opening {
  bool offered = false;
  std::string error;
};

// SSLRequest (PostgreSQL's protocol, "SSL Session Encryption"): one letter comes back.
Opening ask_postgres(const Socket& socket) {
  if (!send_all(socket, std::string_view("\x00\x00\x00\x08\x04\xd2\x16\x2f", 8)))
    return {.error = "the server closed the connection"};
  const std::string answer = receive(socket, 1);
  if (answer == "S") return {.offered = true, .error = {}};
  if (answer == "N") return {};
  return {.error = "what answers there is no PostgreSQL server"};
}

// The greeting tells what the server can do (MySQL's protocol, "Protocol::HandshakeV10").
Opening ask_mysql(const Socket& socket) {
  constexpr std::uint32_t protocol_41 = 0x200;
  constexpr std::uint32_t ssl = 0x800;
  constexpr std::uint32_t secure_connection = 0x8000;
  const std::string head = receive(socket, 4);
  if (head.size() < 4) return {.error = "the server said nothing"};
  const auto byte = [](const std::string& text, std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at]));
  };
  const std::size_t size = byte(head, 0) | byte(head, 1) << 8U | byte(head, 2) << 16U;
  const std::string greeting = receive(socket, std::min<std::size_t>(size, 4'096));
  if (!greeting.empty() && byte(greeting, 0) == 0xff)
    return {.error = "the server refuses this host: " +
                     greeting.substr(std::min<std::size_t>(3, greeting.size()))};
  if (greeting.empty() || byte(greeting, 0) != 10) return {.error = "what answers there is no MySQL server"};
  const std::size_t version_end = greeting.find('\0');
  const std::size_t capabilities = version_end + 1 + 4 + 8 + 1;
  if (version_end == std::string::npos || capabilities + 2 > greeting.size())
    return {.error = "what answers there is no MySQL server"};
  if ((byte(greeting, capabilities + 1) << 8U & ssl) == 0) return {};
  const std::uint32_t wanted = protocol_41 | ssl | secure_connection;
  std::string request{32, 0, 0, 1};
  for (unsigned shift = 0; shift < 32; shift += 8) request += static_cast<char>(wanted >> shift & 0xffU);
  request += std::string("\x00\x00\x00\x01\x2d", 5) + std::string(23, '\0');  // 16 MiB packets, utf8mb4
  if (!send_all(socket, request)) return {.error = "the server closed the connection"};
  return {.offered = true, .error = {}};
}

void look_at_tls_of(const DatabaseUrl& url, const Socket& socket, Reach& result) {
  const Opening opening = url.engine == catalog::Engine::mysql ? ask_mysql(socket) : ask_postgres(socket);
  result.tls_offered = opening.offered;
  result.tls_error = opening.error;
  if (!opening.offered) return;
  auto seen = look_at_tls(socket.get(), result.host, tls_wish(url).authority_file);
  if (seen)
    result.tls = std::move(*seen);
  else
    result.tls_error = seen.error();
}

// Connects, notes how that went, and looks at TLS the first time it goes well.
void try_address(const DatabaseUrl& url, const sockaddr* address, socklen_t size, std::string text,
                 Milliseconds patience, Reach& result) {
  const bool first = !result.open();
  const Socket socket(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto begin = std::chrono::steady_clock::now();
  std::string error = socket.get() < 0 ? error_text(errno) : connect(socket, address, size, patience);
  const auto time = std::chrono::steady_clock::now() - begin;
  result.addresses.push_back({.text = std::move(text),
                              .error = std::move(error),
                              .time = std::chrono::duration_cast<std::chrono::microseconds>(time)});
  if (first && result.open() && address->sa_family != AF_UNIX) look_at_tls_of(url, socket, result);
}

std::string socket_path(const DatabaseUrl& url) {
  if (url.engine == catalog::Engine::mysql) {
    const auto parameters = mysql::connection_parameters(url, {});
    return parameters ? parameters->socket : std::string();
  }
  if (!url.host.starts_with('/')) return {};
  return fmt::format("{}/.s.PGSQL.{}", url.host, url.port == 0 ? 5432 : url.port);
}

void try_socket(const DatabaseUrl& url, const std::string& path, Milliseconds patience, Reach& result) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    result.addresses.push_back({.text = path, .error = "the path is too long for a socket", .time = {}});
    return;
  }
  std::ranges::copy(path, address.sun_path);
  try_address(url, reinterpret_cast<const sockaddr*>(&address), sizeof address, path, patience, result);
}

void try_name(const DatabaseUrl& url, Milliseconds patience, Reach& result) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(result.host.c_str(), std::to_string(result.port).c_str(), &hints, &found);
  if (failed != 0) {
    result.name_error = ::gai_strerror(failed);
    return;
  }
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    ::getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    try_address(url, each->ai_addr, each->ai_addrlen, text.data(), patience, result);
  }
  ::freeaddrinfo(found);
}

TlsWish wish_of_postgres(const DatabaseUrl& url) {
  TlsWish wish;
  for (const auto& [key, value] : postgres::connection_parameters(url, {}, {}, {})) {
    if (key == "sslrootcert") wish.authority_file = value;
    if (key != "sslmode") continue;
    wish.demand = value == "disable"             ? TlsDemand::none
                  : value == "require"           ? TlsDemand::encrypted
                  : value.starts_with("verify-") ? TlsDemand::verified
                                                 : TlsDemand::when_offered;
  }
  return wish;
}

TlsWish wish_of_mysql(const DatabaseUrl& url) {
  const auto parameters = mysql::connection_parameters(url, {});
  if (!parameters) return {};
  TlsWish wish{.authority_file = parameters->authority_file};
  switch (parameters->tls) {
    case mysql::Tls::disabled:
      wish.demand = TlsDemand::none;
      break;
    case mysql::Tls::preferred:
      wish.demand = TlsDemand::when_offered;
      break;
    case mysql::Tls::required:
      wish.demand = TlsDemand::encrypted;
      break;
    case mysql::Tls::verified:
      wish.demand = TlsDemand::verified;
      break;
  }
  return wish;
}

}  // namespace

bool Reach::open() const {
  return std::ranges::any_of(addresses, [](const Address& each) { return each.error.empty(); });
}

TlsWish tls_wish(const DatabaseUrl& url) {
  TlsWish wish = url.engine == catalog::Engine::mysql ? wish_of_mysql(url) : wish_of_postgres(url);
  if (wish.authority_file.empty()) wish.authority_file = system_authority_file();
  return wish;
}

Reach reach(const DatabaseUrl& url, Milliseconds patience) {
  Reach result;
  if (const std::string path = socket_path(url); !path.empty()) {
    try_socket(url, path, patience, result);
    return result;
  }
  result.host = url.host.empty() ? "localhost" : url.host;
  result.port = url.port != 0 ? url.port : url.engine == catalog::Engine::mysql ? 3306 : 5432;
  try_name(url, patience, result);
  return result;
}

}  // namespace tenon::sql

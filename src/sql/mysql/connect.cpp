#include "sql/mysql/connect.h"

#include <cstdlib>
#include <cstring>
#include <optional>

#include <boost/asio/this_coro.hpp>

#include "sql/mysql/error.h"
#include "sql/resolve.h"

namespace tenon::sql::mysql {

namespace asio = boost::asio;

namespace {

// libmariadb runs its calls on a stack of their own, so that they can pause; the default of 60 kB is little
// for a TLS handshake with a long chain of certificates.
constexpr std::size_t stack_bytes = 256 * 1024;
constexpr unsigned long packet_bytes = 1024 * 1024 * 1024;  // the protocol's own limit

// How we let a server ask for the password. Not in the list: plugins that ask on the terminal, and those of
// systems that are not here. In the clear only where nobody else can be at the other end.
constexpr const char* ways_to_authenticate =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519";
constexpr const char* ways_to_authenticate_verified =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,mysql_clear_password";

// libmariadb checks the certificate against the host it was told, which is an address here. The name is put
// in its place when the handshake pauses; should it never have paused, the check fails and is tried again.
constexpr int attempts_to_name_max = 5;

DatabaseError unreachable(std::string message) {
  return {.failure = Failure::unreachable, .message = std::move(message)};
}

const char* text_or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

MYSQL* prepare_handle(const ConnectionParameters& parameters) {
  MYSQL* mysql = mysql_init(nullptr);
  if (mysql == nullptr) return nullptr;
  const my_bool on = 1;
  const my_bool off = 0;
  const unsigned int no_file = 0;
  const bool verified = parameters.tls == Tls::verified;
  mysql_optionsv(mysql, MYSQL_OPT_NONBLOCK, &stack_bytes);
  mysql_optionsv(mysql, MYSQL_OPT_RECONNECT, &off);
  mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &no_file);
  mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_optionsv(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet_bytes);
  mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH,
                 verified ? ways_to_authenticate_verified : ways_to_authenticate);
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", parameters.program_name.c_str());
  if (parameters.tls == Tls::disabled) return mysql;
  mysql_optionsv(mysql, MYSQL_OPT_SSL_ENFORCE, &on);
  mysql_optionsv(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, verified ? &on : &off);
  mysql_optionsv(mysql, MYSQL_OPT_SSL_CA, text_or_null(parameters.authority_file));
  mysql_optionsv(mysql, MYSQL_OPT_SSL_CERT, text_or_null(parameters.certificate_file));
  mysql_optionsv(mysql, MYSQL_OPT_SSL_KEY, text_or_null(parameters.key_file));
  mysql_optionsv(mysql, MYSQL_OPT_SSL_CRL, text_or_null(parameters.revocation_file));
  if (!parameters.key_password.empty())
    mysql_optionsv(mysql, MARIADB_OPT_TLS_PASSPHRASE, parameters.key_password.reveal().c_str());
  return mysql;
}

int start_connecting(MYSQL* mysql, const Origin& origin, MYSQL*& connected) {
  const ConnectionParameters& parameters = origin.parameters;
  const bool by_socket = !parameters.socket.empty();
  const unsigned int protocol = by_socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
  mysql_optionsv(mysql, MYSQL_OPT_PROTOCOL, &protocol);
  return mysql_real_connect_start(&connected, mysql, by_socket ? nullptr : origin.address.c_str(),
                                  parameters.user.c_str(), parameters.password.reveal().c_str(),
                                  text_or_null(parameters.database), parameters.port,
                                  text_or_null(parameters.socket), CLIENT_FOUND_ROWS);
}

// True once the name stands where the certificate's is compared with it.
bool put_name(MYSQL* mysql, const std::string& name) {
  if (mysql->host == nullptr) return false;
  if (name == mysql->host) return true;
  char* copy = ::strdup(name.c_str());
  if (copy == nullptr) return false;
  std::free(mysql->host);
  mysql->host = copy;
  return true;
}

asio::awaitable<DatabaseResult<std::shared_ptr<Wire>>> dial_once(const Origin& origin, bool& named,
                                                                 Clock::time_point deadline) {
  const ConnectionParameters& parameters = origin.parameters;
  named = parameters.tls != Tls::verified;
  MYSQL* mysql = prepare_handle(parameters);
  if (mysql == nullptr) co_return std::unexpected(unreachable("out of memory"));
  auto wire = std::make_shared<Wire>(co_await asio::this_coro::executor, mysql);
  wire->arm(deadline);
  std::optional<DatabaseError> early;
  MYSQL* connected = nullptr;
  int wanted = start_connecting(mysql, origin, connected);
  while (wanted != 0) {
    if (!named) named = put_name(mysql, parameters.host);
    int happened = 0;
    const Wake wake = co_await wire->wait(wanted, Patience::cancellable, happened);
    if (wake != Wake::ready) {
      early = unreachable(wake == Wake::deadline ? "the server did not answer in time"
                                                 : "the request was cancelled");
      wire->sever();
    }
    wanted = mysql_real_connect_cont(&connected, mysql, happened);
  }
  if (early) co_return std::unexpected(std::move(*early));
  if (connected == nullptr)
    co_return std::unexpected(
        make_connect_error(mysql_errno(mysql), mysql_sqlstate(mysql), mysql_error(mysql)));
  if (parameters.tls != Tls::disabled && parameters.tls != Tls::preferred &&
      mysql_get_ssl_cipher(mysql) == nullptr)
    co_return std::unexpected(unreachable("SSL is required, but the server does not support it"));
  co_return wire;
}

}  // namespace

asio::awaitable<DatabaseResult<std::shared_ptr<Wire>>> dial(std::shared_ptr<const Origin> origin,
                                                            Clock::time_point deadline) {
  for (int attempt = 1;; ++attempt) {
    bool named = false;
    auto wire = co_await dial_once(*origin, named, deadline);
    if (wire || named || attempt == attempts_to_name_max) co_return wire;
  }
}

asio::awaitable<DatabaseResult<Session>> dial_host(ConnectionParameters parameters,
                                                   Clock::time_point deadline) {
  std::vector<std::string> addresses(1);
  if (parameters.socket.empty()) {
    auto found = co_await resolve(parameters.host, deadline);
    if (!found) co_return std::unexpected(std::move(found.error()));
    addresses = std::move(*found);
  }
  DatabaseError last = unreachable("the name " + parameters.host + " has no address");
  for (std::string& address : addresses) {
    auto origin = std::make_shared<const Origin>(Origin{parameters, std::move(address)});
    auto wire = co_await dial(origin, deadline);
    if (wire) co_return Session{.wire = std::move(*wire), .origin = std::move(origin)};
    last = std::move(wire.error());
    // A server that was reached and refused would not be another one at its next address.
    if (last.failure != Failure::unreachable || !last.sqlstate.empty() || Clock::now() >= deadline) break;
  }
  co_return std::unexpected(std::move(last));
}

}  // namespace tenon::sql::mysql

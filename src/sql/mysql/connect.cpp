#include "sql/mysql/connect.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <system_error>
#include <thread>

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "sql/mysql/error.h"

namespace tenon::sql::mysql {

namespace asio = boost::asio;

namespace {

// libmariadb runs its calls on a stack of their own, so that they can pause; the default of 60 kB is little.
constexpr std::size_t stack_bytes = 256 * 1024;
constexpr unsigned long packet_bytes = 1024 * 1024 * 1024;  // the protocol's own limit

// How we let a server ask for the password. Not in the list: plugins that ask on the terminal, and those of
// systems that are not here. In the clear only where nobody else can be at the other end.
constexpr const char* ways_to_authenticate =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519";
constexpr const char* ways_to_authenticate_verified =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,mysql_clear_password";

DatabaseError unreachable(std::string message) {
  return {.failure = Failure::unreachable, .message = std::move(message)};
}

const char* text_or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

// Whole seconds, which is how libmariadb counts: never none, which would be for ever.
unsigned int seconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(deadline - Clock::now()).count();
  return static_cast<unsigned int>(std::clamp<std::int64_t>(left, 1, 3'600));
}

void set_options(MYSQL* mysql, const ConnectionParameters& parameters, Clock::time_point deadline) {
  const my_bool on = 1;
  const my_bool off = 0;
  const unsigned int no_file = 0;
  const unsigned int timeout = seconds_until(deadline);
  const unsigned int protocol = parameters.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  const bool verified = parameters.tls == Tls::verified;
  mysql_optionsv(mysql, MYSQL_OPT_NONBLOCK, &stack_bytes);
  mysql_optionsv(mysql, MYSQL_OPT_PROTOCOL, &protocol);
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &timeout);
  mysql_optionsv(mysql, MYSQL_OPT_READ_TIMEOUT, &timeout);
  mysql_optionsv(mysql, MYSQL_OPT_WRITE_TIMEOUT, &timeout);
  mysql_optionsv(mysql, MYSQL_OPT_RECONNECT, &off);
  mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &no_file);
  mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_optionsv(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet_bytes);
  mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH,
                 verified ? ways_to_authenticate_verified : ways_to_authenticate);
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", parameters.program_name.c_str());
  if (parameters.tls == Tls::disabled) return;
  mysql_optionsv(mysql, MYSQL_OPT_SSL_ENFORCE, &on);
  mysql_optionsv(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, verified ? &on : &off);
  mysql_optionsv(mysql, MYSQL_OPT_SSL_CA, text_or_null(parameters.authority_file));
  mysql_optionsv(mysql, MYSQL_OPT_SSL_CERT, text_or_null(parameters.certificate_file));
  mysql_optionsv(mysql, MYSQL_OPT_SSL_KEY, text_or_null(parameters.key_file));
  mysql_optionsv(mysql, MYSQL_OPT_SSL_CRL, text_or_null(parameters.revocation_file));
  if (!parameters.key_password.empty())
    mysql_optionsv(mysql, MARIADB_OPT_TLS_PASSPHRASE, parameters.key_password.reveal().c_str());
}

// Between the thread that connects and the coroutine that waits for it; whoever is last to let go cleans up.
struct Attempt {
  Attempt() : event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Attempt() {
    if (event >= 0) ::close(event);
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  int event;  // becomes readable when there is an outcome
  std::atomic<bool> over = false;
  DatabaseResult<Handle> outcome = std::unexpected(unreachable("not tried"));
};

bool start(const std::shared_ptr<Attempt>& attempt, std::shared_ptr<const ConnectionParameters> parameters,
           Clock::time_point deadline) {
  try {
    std::thread([attempt, parameters = std::move(parameters), deadline] {
      attempt->outcome = connect_blocking(*parameters, deadline);
      attempt->over.store(true, std::memory_order_release);
      const std::uint64_t one = 1;
      [[maybe_unused]] const ssize_t told = ::write(attempt->event, &one, sizeof one);
    }).detach();
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

}  // namespace

DatabaseResult<Handle> connect_blocking(const ConnectionParameters& parameters, Clock::time_point deadline) {
  Handle mysql(mysql_init(nullptr));
  if (!mysql) return std::unexpected(unreachable("out of memory"));
  set_options(mysql.get(), parameters, deadline);
  const bool by_socket = !parameters.socket.empty();
  const MYSQL* connected =
      mysql_real_connect(mysql.get(), by_socket ? nullptr : parameters.host.c_str(), parameters.user.c_str(),
                         parameters.password.reveal().c_str(), text_or_null(parameters.database),
                         parameters.port, text_or_null(parameters.socket), CLIENT_FOUND_ROWS);
  if (connected == nullptr)
    return std::unexpected(
        make_connect_error(mysql_errno(mysql.get()), mysql_sqlstate(mysql.get()), mysql_error(mysql.get())));
  const bool must_encrypt = parameters.tls == Tls::required || parameters.tls == Tls::verified;
  if (must_encrypt && mysql_get_ssl_cipher(mysql.get()) == nullptr)
    return std::unexpected(unreachable("SSL is required, but the server does not support it"));
  return mysql;
}

asio::awaitable<DatabaseResult<std::shared_ptr<Wire>>> dial(
    std::shared_ptr<const ConnectionParameters> parameters, Clock::time_point deadline) {
  const auto executor = co_await asio::this_coro::executor;
  const auto attempt = std::make_shared<Attempt>();
  asio::posix::stream_descriptor event(executor);
  boost::system::error_code error;
  event.assign(::fcntl(attempt->event, F_DUPFD_CLOEXEC, 0), error);
  if (error || !start(attempt, std::move(parameters), deadline))
    co_return std::unexpected(unreachable("no thread could be started to connect"));
  asio::steady_timer timer(executor, deadline);
  co_await asio::experimental::make_parallel_group(
      event.async_wait(asio::posix::stream_descriptor::wait_read, asio::deferred),
      timer.async_wait(asio::deferred))
      .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  if (!attempt->over.load(std::memory_order_acquire))
    co_return std::unexpected(unreachable(Clock::now() >= deadline ? "the server did not answer in time"
                                                                   : "the request was cancelled"));
  if (!attempt->outcome) co_return std::unexpected(std::move(attempt->outcome.error()));
  co_return std::make_shared<Wire>(executor, attempt->outcome->release());
}

}  // namespace tenon::sql::mysql

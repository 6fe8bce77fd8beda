// What answers at a port need not be a database server.
#include "sql/reach.h"

#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tenon::sql {
namespace {

using namespace std::chrono_literals;

// Sends these bytes to whoever connects first, and closes.
class Speaker {
 public:
  explicit Speaker(std::string bytes) : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
    ::listen(listener_, 1);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this, text = std::move(bytes)] {
      const int client = ::accept(listener_, nullptr, nullptr);
      ::send(client, text.data(), text.size(), MSG_NOSIGNAL);
      ::shutdown(client, SHUT_WR);
      char rest[64];
      while (::recv(client, rest, sizeof rest, 0) > 0) continue;
      ::close(client);
    });
  }
  ~Speaker() {
    thread_.join();
    ::close(listener_);
  }
  Speaker(const Speaker&) = delete;
  Speaker& operator=(const Speaker&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  int listener_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

Reach hear(const char* engine, std::string bytes) {
  const Speaker speaker(std::move(bytes));
  return reach(*parse_database_url(fmt::format("{}://u@127.0.0.1:{}/x", engine, speaker.port())), 60'000ms);
}

TEST(Reach, KnowsWhatIsNoServerOfMySql) {
  EXPECT_EQ(hear("mysql", "").tls_error, "the server said nothing");
  EXPECT_EQ(hear("mysql", "HTTP/1.1 400 Bad Request\r\n").tls_error, "what answers there is no MySQL server");
  EXPECT_EQ(hear("mysql", {'\x40', 0, 0, 0, '\x0a', '8', '.', '0'}).tls_error,
            "what answers there is no MySQL server");
}

TEST(Reach, PassesOnARefusalOfMySqlHoweverShort) {
  EXPECT_EQ(hear("mysql", {'\x40', 0, 0, 0, '\xff'}).tls_error, "the server refuses this host: ");
  EXPECT_EQ(hear("mysql", {'\x06', 0, 0, 0, '\xff', 1, 4, 'n', 'o', '!'}).tls_error,
            "the server refuses this host: no!");
}

TEST(Reach, KnowsWhatIsNoServerOfPostgres) {
  EXPECT_EQ(hear("postgresql", "H").tls_error, "what answers there is no PostgreSQL server");
  EXPECT_FALSE(hear("postgresql", "N").tls_offered);
  EXPECT_EQ(hear("postgresql", "N").tls_error, "");
}

TEST(Reach, TellsOfAHandshakeThatIsNone) {
  const Reach heard = hear("postgresql", "Snonsense, and more of it");
  EXPECT_TRUE(heard.tls_offered);
  EXPECT_FALSE(heard.tls);
  EXPECT_NE(heard.tls_error, "");
}

}  // namespace
}  // namespace tenon::sql

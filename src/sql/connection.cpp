#include "sql/connection.h"

namespace tenon::sql {

boost::asio::awaitable<DatabaseResult<Description>> Connection::describe(const Statement&,
                                                                         Clock::time_point) {
  co_return std::unexpected(DatabaseError{.message = "this connection does not describe statements"});
}

Lease::~Lease() { end(); }

void Lease::end() {
  if (!connection_) return;
  connection_->observe(nullptr);
  pool_->give_back(std::move(connection_));
}

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    end();
    pool_ = other.pool_;
    connection_ = std::move(other.connection_);
  }
  return *this;
}

}  // namespace tenon::sql

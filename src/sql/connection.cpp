#include "sql/connection.h"

#include <fmt/format.h>

namespace tenon::sql {

std::optional<std::string> ResultLimits::exceeded(std::uint64_t rows, std::uint64_t bytes) const {
  if (rows_max > 0 && rows > rows_max) return fmt::format("more than {} rows", rows_max);
  if (bytes_max > 0 && bytes > bytes_max) return fmt::format("more than {} bytes", bytes_max);
  return std::nullopt;
}

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

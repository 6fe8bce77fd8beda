#include "sql/connection.h"

namespace tenon::sql {

Lease::~Lease() {
  if (connection_) pool_->give_back(std::move(connection_));
}

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    if (connection_) pool_->give_back(std::move(connection_));
    pool_ = other.pool_;
    connection_ = std::move(other.connection_);
  }
  return *this;
}

}  // namespace tenon::sql

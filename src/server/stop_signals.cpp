#include "server/stop_signals.h"

#include <csignal>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace tenon::server {

struct StopSignals::Waiting {
  boost::asio::io_context context{1};
  boost::asio::signal_set signals{context, SIGTERM, SIGINT};
  std::optional<int> received;

  Waiting() {
    signals.async_wait([this](boost::system::error_code error, int number) {
      if (error) return;
      received = number;
      signals.clear(error);  // back to the default action
    });
  }
};

StopSignals::StopSignals() : waiting_(std::make_unique<Waiting>()) {}

StopSignals::~StopSignals() = default;

int StopSignals::wait() {
  waiting_->context.run();
  return waiting_->received.value_or(SIGTERM);
}

std::optional<int> StopSignals::wait_for(std::chrono::milliseconds timeout) {
  if (!waiting_->received) waiting_->context.run_for(timeout);
  return waiting_->received;
}

}  // namespace tenon::server

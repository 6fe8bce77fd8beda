#include "sql/postgres/conversation.h"

#include "sql/postgres/error.h"

namespace tenon::sql::postgres {

using Kind = Step::Kind;

void Conversation::start() {
  steps_.clear();
  undone_.clear();
  at_ = 0;
  sync_expected_ = heard_ = overfull_ = committed_ = false;
  readiness_ = Readiness::unknown;
  calls_answered_ = 0;
  rows_.reset();
  results_ = Results();
  failure_.reset();
}

void Conversation::expect(Step step) {
  // The simple protocol answers with a ReadyForQuery of its own.
  sync_expected_ = sync_expected_ || step.kind == Kind::sync || step.kind == Kind::text;
  readiness_ = Readiness::unknown;
  steps_.push_back(std::move(step));
}

Conversation::State Conversation::read(Inbox& inbox) {
  Message message;
  while (at_ < steps_.size()) {
    const bool was_overfull = overfull_;
    switch (inbox.next(message)) {
      case Inbox::Next::incomplete:
        // A row that is too large is not waited for, and there is no way around it.
        return is_beyond_limits(0, (overfull_ ? 0 : row_bytes_) + inbox.awaited()) ? State::broken
                                                                                   : State::hungry;
      case Inbox::Next::malformed:
        refuse("the server's answer is too large, or not of its protocol");
        return State::broken;
      case Inbox::Next::message:
        if (!take(message, inbox)) return State::broken;
        if (overfull_ && !was_overfull) return State::overfull;
    }
  }
  return State::answered;
}

bool Conversation::refuse(std::string message) {
  if (!failure_) failure_ = DatabaseError{.failure = Failure::connection_lost, .message = std::move(message)};
  return false;
}

// "Message Formats" and, for what may follow what, "Extended Query". False when it may not.
bool Conversation::take(const Message& message, const Inbox& inbox) {
  const Kind kind = step().kind;
  const bool runs = kind == Kind::call || kind == Kind::transaction;
  switch (message.type) {
    case 'N':  // NoticeResponse, ParameterStatus, NotificationResponse: whenever the server likes
    case 'S':
    case 'A':
      return true;
    case 'E':
      take_error(message.body);
      return true;
    case 'Z':
      return take_readiness(message.body);
    case 'T':
      return take_description(message.body, inbox);
    case 'D':
      return take_row(message);
    case 'C':
      return take_end(message.body.substr(0, message.body.find('\0')), inbox);
    case 'I':  // EmptyQueryResponse
      return take_end({}, inbox);
    case '1':  // ParseComplete
      return kind == Kind::prepare || refuse("the server described what was not prepared");
    case 't':
      return take_parameters(message.body);
    case 'n':  // NoData
      if (kind != Kind::prepare) return refuse("the server described what was not prepared");
      ++at_;
      return heard_ = true;
    case '2':  // BindComplete
      if (!runs) return refuse("the server bound what was not sent");
      if (kind == Kind::call) rows_ = std::make_unique<RowSet>(inbox.bytes(), step().statement->columns);
      row_bytes_ = 0;
      return heard_ = true;
    case '3':  // CloseComplete
      if (kind != Kind::close) return refuse("the server closed what it should not");
      ++at_;
      return heard_ = true;
    case 'G':
    case 'H':
    case 'W':
      failure_ = DatabaseError{.message = "COPY is not possible here"};
      return false;
    default:
      return refuse("the server's answer is not of its protocol");
  }
}

bool Conversation::take_parameters(std::string_view body) {
  auto types = parameter_types(body);
  if (step().kind != Kind::prepare || !types)
    return refuse("the server's description of parameters is broken");
  step().statement->parameters = *std::move(types);
  return true;
}

bool Conversation::take_description(std::string_view body, const Inbox& inbox) {
  auto columns = result_columns(body);
  if (!columns) return refuse("the server's description of columns is broken");
  if (step().kind == Kind::prepare) {
    step().statement->columns = std::move(columns);
    ++at_;
  } else if (step().kind == Kind::text) {
    rows_ = std::make_unique<RowSet>(inbox.bytes(), std::move(columns));
  } else {
    return refuse("the server described what was not prepared");
  }
  return heard_ = true;
}

bool Conversation::is_beyond_limits(std::uint64_t rows, std::uint64_t bytes) {
  auto exceeded = step().limits.exceeded(rows, bytes);
  if (!exceeded) return false;
  if (!failure_)
    failure_ = DatabaseError{
        .failure = Failure::too_large, .message = std::move(*exceeded), .call = calls_answered_};
  return overfull_ = true;
}

bool Conversation::take_row(const Message& message) {
  if (step().kind == Kind::transaction || overfull_) return true;
  if (rows_ && step().limits.any()) {
    row_bytes_ += message.body.size();
    if (is_beyond_limits(rows_->row_count() + 1, row_bytes_)) return true;
  }
  return (rows_ && rows_->add_row(message)) || refuse("the server's row does not fit its description");
}

bool Conversation::take_end(std::string_view tag, const Inbox& inbox) {
  const Kind kind = step().kind;
  heard_ = true;
  if (kind == Kind::transaction) {
    if (tag == "COMMIT") committed_ = true;
    ++at_;
    return true;
  }
  if (kind == Kind::text && !rows_) rows_ = std::make_unique<RowSet>(inbox.bytes(), nullptr);
  if (!rows_) return refuse("the server ended what was not begun");
  rows_->set_tag(tag);
  results_.push_back(std::move(rows_));
  if (kind == Kind::text) return true;
  ++calls_answered_;
  ++at_;
  return true;
}

bool Conversation::take_readiness(std::string_view body) {
  if (step().kind != Kind::sync && step().kind != Kind::text)
    return refuse("the server is ready before it has answered");
  if (body.size() != 1) return refuse("the server's answer is not of its protocol");
  readiness_ = body.front() == 'I' ? Readiness::idle : Readiness::in_transaction;
  ++at_;
  return true;
}

// The server skips what follows up to the next sync. The commit that a sync implies may fail as well: then
// its own answer still comes.
void Conversation::take_error(std::string_view body) {
  rows_.reset();
  if (!failure_) {
    failure_ = error_of(body);
    failure_->call = calls_answered_;
    heard_ = heard_ || failure_->failure != Failure::connection_lost;
  }
  while (at_ < steps_.size() && step().kind != Kind::sync && step().kind != Kind::text)
    undone_.push_back(std::move(steps_[at_++]));
}

}  // namespace tenon::sql::postgres

// The language server as a state machine without streams: bytes of the client in, bytes for the client out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/framing.h"
#include "lsp/message.h"
#include "lsp/navigation.h"
#include "lsp/workspace.h"

namespace tenon::lsp {

class Server {
 public:
  // `version` is what the client is told.
  Server(Disk disk, std::string version) : workspace_(std::move(disk)), version_(std::move(version)) {}

  // What to send in answer. Diagnostics follow once all that came has been read, so that a burst of changes
  // is checked once.
  std::string feed(std::string_view bytes);

  // Whether the client has said exit, or nothing it says can be read any more.
  bool is_over() const { return exited_ || frames_.is_broken(); }
  // 0 when it ended as the protocol wants it: shutdown, then exit.
  int exit_code() const { return exited_ && state_ == State::shut_down ? 0 : 1; }

 private:
  enum class State : std::uint8_t { fresh, running, shut_down };
  using Answer = std::expected<std::string, RpcError>;
  using Params = boost::json::object;

  void handle(const Message& message);
  Answer answer(const Message& request);
  Answer dispatch(const Message& request);
  void notice(const Message& notification);

  std::string initialize(const Params& params);
  void initialized();
  void did_open(const Params& params);
  void did_change(const Params& params);
  void did_close(const Params& params);
  void watched_files_changed();

  Answer at_place(const Params& params, Answer (Server::*question)(const Params&, const Place&));
  Answer answer_rename(const Params& params, const Place& place);
  Answer answer_references(const Params& params, const Place& place);
  Answer answer_definition(const Params& params, const Place& place);
  Answer answer_hover(const Params& params, const Place& place);
  Answer answer_completion(const Params& params, const Place& place);
  Answer answer_prepare_rename(const Params& params, const Place& place);
  Answer of_document(const Params& params, std::string (*question)(const Analysis&, base::SourceId));

  void touch(const std::string& path) { touched_.insert(path); }
  void publish();
  void publish_file(const Analysis& analysis, base::SourceId source);
  void clear(const std::string& path);
  void send(std::string_view content) { out_ += frame(content); }

  FrameReader frames_;
  Workspace workspace_;
  std::string version_;
  State state_ = State::fresh;
  bool exited_ = false;
  bool snippets_ = false;            // the client fills in $1
  bool watches_files_ = false;       // the client can be asked to
  std::set<std::string> touched_;    // files whose schemas are to be checked again
  std::set<std::string> published_;  // files that show diagnostics now
  std::string out_;
};

}  // namespace tenon::lsp

#include "lsp/server.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/limits.h"
#include "lsp/completion.h"
#include "lsp/formatting.h"
#include "lsp/hover.h"
#include "lsp/uri.h"
#include "lsp/wire.h"

namespace tenon::lsp {

namespace {

constexpr std::string_view null_result = "null";

std::string document_path(const boost::json::object& params) {
  const boost::json::object* document = object_at(params, "textDocument");
  return document != nullptr ? path_of_uri(text_at(*document, "uri")) : std::string();
}

std::int64_t document_version(const boost::json::object& document) {
  const boost::json::value* version = document.if_contains("version");
  return version != nullptr && version->is_int64() ? version->get_int64() : 0;
}

// params.capabilities.a.b.c
bool has_capability(const boost::json::object& params, std::initializer_list<std::string_view> path) {
  const boost::json::object* at = object_at(params, "capabilities");
  for (auto name = path.begin(); at != nullptr && name != path.end(); ++name) {
    if (name + 1 == path.end()) return is_true_at(*at, *name);
    at = object_at(*at, *name);
  }
  return false;
}

int severity_number(base::Severity severity) {
  switch (severity) {
    case base::Severity::error:
      return 1;
    case base::Severity::warning:
      return 2;
    case base::Severity::note:
      return 3;
  }
  return 1;
}

}  // namespace

std::string Server::feed(std::string_view bytes) {
  frames_.feed(bytes);
  while (!exited_) {
    const auto content = frames_.next();
    if (!content) break;
    if (const auto message = parse_message(*content))
      handle(*message);
    else
      send(failure(null_result, message.error()));
  }
  if (!exited_) publish();
  return std::exchange(out_, {});
}

void Server::handle(const Message& message) {
  switch (message.kind) {
    case Message::Kind::request: {
      const Answer result = answer(message);
      return send(result ? success(message.id, *result) : failure(message.id, result.error()));
    }
    case Message::Kind::notification:
      return notice(message);
    case Message::Kind::response:  // to the registration of watched files, which may fail quietly
      return;
  }
}

Server::Answer Server::answer(const Message& request) {
  if (request.method == "initialize") {
    if (state_ != State::fresh)
      return std::unexpected(RpcError{ErrorCode::invalid_request, "The server is already initialized."});
    return initialize(request.params);
  }
  if (state_ == State::fresh)
    return std::unexpected(RpcError{ErrorCode::not_initialized, "The first request is initialize."});
  if (state_ == State::shut_down)
    return std::unexpected(RpcError{ErrorCode::invalid_request, "The server is shut down."});
  if (request.method == "shutdown") {
    state_ = State::shut_down;
    return std::string(null_result);
  }
  return dispatch(request);
}

Server::Answer Server::dispatch(const Message& request) {
  struct Question {
    std::string_view method;
    Answer (Server::*question)(const Params&, const Place&);
  };
  static constexpr std::array<Question, 6> questions{{
      {"textDocument/definition", &Server::answer_definition},
      {"textDocument/references", &Server::answer_references},
      {"textDocument/hover", &Server::answer_hover},
      {"textDocument/completion", &Server::answer_completion},
      {"textDocument/prepareRename", &Server::answer_prepare_rename},
      {"textDocument/rename", &Server::answer_rename},
  }};
  for (const Question& each : questions)
    if (each.method == request.method) return at_place(request.params, each.question);
  if (request.method == "textDocument/formatting") return of_document(request.params, formatting);
  if (request.method == "textDocument/documentSymbol") return of_document(request.params, outline);
  return std::unexpected(
      RpcError{ErrorCode::method_not_found, fmt::format("There is no method {}.", request.method)});
}

void Server::notice(const Message& notification) {
  if (notification.method == "exit") {
    exited_ = true;
    return;
  }
  if (state_ != State::running) return;
  if (notification.method == "initialized") return initialized();
  if (notification.method == "textDocument/didOpen") return did_open(notification.params);
  if (notification.method == "textDocument/didChange") return did_change(notification.params);
  if (notification.method == "textDocument/didClose") return did_close(notification.params);
  if (notification.method == "workspace/didChangeWatchedFiles") return watched_files_changed();
}

std::string Server::initialize(const Params& params) {
  state_ = State::running;
  snippets_ = has_capability(params, {"textDocument", "completion", "completionItem", "snippetSupport"});
  watches_files_ = has_capability(params, {"workspace", "didChangeWatchedFiles", "dynamicRegistration"});
  constexpr int incremental = 2;
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().key("capabilities").begin_object();
  json.member("positionEncoding", "utf-16");
  json.key("textDocumentSync")
      .begin_object()
      .member("openClose", true)
      .member("change", incremental)
      .end_object();
  json.key("completionProvider").begin_object().key("triggerCharacters").begin_array();
  for (const std::string_view character : {"@", ".", "(", "[", "\"", " "}) json.string(character);
  json.end_array().end_object();
  json.member("hoverProvider", true).member("definitionProvider", true).member("referencesProvider", true);
  json.member("documentSymbolProvider", true).member("documentFormattingProvider", true);
  json.key("renameProvider").begin_object().member("prepareProvider", true).end_object();
  json.end_object().key("serverInfo").begin_object();
  json.member("name", "tenon").member("version", version_).end_object().end_object();
  return text;
}

// Files also change outside the editor.
void Server::initialized() {
  if (!watches_files_) return;
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().key("registrations").begin_array().begin_object();
  json.member("id", "files").member("method", "workspace/didChangeWatchedFiles");
  json.key("registerOptions").begin_object().key("watchers").begin_array();
  for (const std::string_view pattern :
       {"**/*.prisma", "**/tenon.toml", "**/prisma.config.*", "**/.config/prisma.*", "**/package.json"})
    json.begin_object().member("globPattern", pattern).end_object();
  json.end_array().end_object().end_object().end_array().end_object();
  send(request("\"files\"", "client/registerCapability", text));
}

void Server::did_open(const Params& params) {
  const boost::json::object* document = object_at(params, "textDocument");
  if (document == nullptr || text_at(*document, "uri").empty()) return;
  const std::string_view uri = text_at(*document, "uri");
  const std::string path = path_of_uri(uri);
  if (workspace_.open(path, std::string(uri), document_version(*document),
                      std::string(text_at(*document, "text"))))
    touch(path);
}

void Server::did_change(const Params& params) {
  const std::string path = document_path(params);
  const boost::json::array* list = array_at(params, "contentChanges");
  if (!workspace_.is_open(path) || list == nullptr) return;
  std::vector<TextChange> changes;
  for (const boost::json::value& each : *list) {
    const boost::json::object* change = each.if_object();
    if (change == nullptr) return;
    const auto range = read_range(object_at(*change, "range"));
    if (!range && change->contains("range")) return;
    changes.push_back({.range = range, .text = std::string(text_at(*change, "text"))});
  }
  workspace_.change(path, document_version(*object_at(params, "textDocument")), changes);
  touch(path);
}

void Server::did_close(const Params& params) {
  const std::string path = document_path(params);
  if (!workspace_.is_open(path)) return;
  workspace_.close(path);
  // Its own findings go, those of the schema stay as long as one of its files is open.
  for (const std::string& open : workspace_.open_paths())
    if (workspace_.analysis_of(open).find(path)) return touch(open);
  const std::vector<std::string> schema = workspace_.analysis_of(path).paths;
  for (const std::string& file : schema) clear(file);
}

void Server::watched_files_changed() {
  workspace_.forget_disk();
  const std::set<std::string> before = published_;
  for (const std::string& path : workspace_.open_paths()) touch(path);
  for (const std::string& path : before) {
    const bool shown = std::ranges::any_of(workspace_.open_paths(), [&](const std::string& open) {
      return workspace_.analysis_of(open).find(path).has_value();
    });
    if (!shown) clear(path);
  }
}

Server::Answer Server::at_place(const Params& params,
                                Answer (Server::*question)(const Params&, const Place&)) {
  const std::string path = document_path(params);
  const auto position = read_position(object_at(params, "position"));
  if (path.empty() || !position)
    return std::unexpected(RpcError{ErrorCode::invalid_params, "A document and a position are wanted."});
  if (!workspace_.is_open(path)) return std::string(null_result);
  const Analysis& analysis = workspace_.analysis_of(path);
  const base::SourceId source = *analysis.find(path);
  return (this->*question)(params, {analysis, source, analysis.lines_of(source).offset(*position)});
}

Server::Answer Server::answer_definition(const Params&, const Place& place) {
  return definition(workspace_, place);
}
Server::Answer Server::answer_hover(const Params&, const Place& place) { return hover(place); }
Server::Answer Server::answer_completion(const Params&, const Place& place) {
  return completion(place, snippets_);
}
Server::Answer Server::answer_prepare_rename(const Params&, const Place& place) {
  return prepare_rename(place);
}
Server::Answer Server::answer_references(const Params& params, const Place& place) {
  const boost::json::object* context = object_at(params, "context");
  return references(workspace_, place, context != nullptr && is_true_at(*context, "includeDeclaration"));
}
Server::Answer Server::answer_rename(const Params& params, const Place& place) {
  return rename(workspace_, place, text_at(params, "newName"));
}

Server::Answer Server::of_document(const Params& params,
                                   std::string (*question)(const Analysis&, base::SourceId)) {
  const std::string path = document_path(params);
  if (path.empty()) return std::unexpected(RpcError{ErrorCode::invalid_params, "A document is wanted."});
  if (!workspace_.is_open(path)) return std::string(null_result);
  const Analysis& analysis = workspace_.analysis_of(path);
  return question(analysis, *analysis.find(path));
}

// Every file of each schema that changed: an error may move from one file to another.
void Server::publish() {
  std::set<std::string> done;
  for (const std::string& path : std::exchange(touched_, {})) {
    if (done.contains(path) || !workspace_.is_open(path)) continue;
    const Analysis& analysis = workspace_.analysis_of(path);
    for (std::uint32_t i = 0; i < analysis.paths.size(); ++i) {
      done.insert(analysis.paths[i]);
      publish_file(analysis, {i});
    }
  }
}

void Server::publish_file(const Analysis& analysis, base::SourceId source) {
  const std::string& path = analysis.paths[source.value];
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("uri", workspace_.uri(path));
  if (const auto version = workspace_.version(path)) json.member("version", *version);
  json.key("diagnostics").begin_array();
  std::size_t shown = 0;
  for (const base::Diagnostic& each : analysis.diagnostics.all()) {
    // A finding about no file is shown at the beginning of the first one.
    const base::Span span = each.span.value_or(base::Span{});
    if (span.source != source || shown == base::lsp_diagnostics_max) continue;
    ++shown;
    json.begin_object().key("range");
    write_range(json, range_of(analysis, span));
    json.member("severity", severity_number(each.severity))
        .member("code", each.code.text)
        .member("source", "tenon");
    json.member("message", each.help.empty() ? each.message : each.message + "\n" + each.help).end_object();
  }
  json.end_array().end_object();
  published_.insert(path);
  send(notification("textDocument/publishDiagnostics", text));
}

void Server::clear(const std::string& path) {
  if (published_.erase(path) == 0) return;
  std::string text;
  base::JsonWriter(text)
      .begin_object()
      .member("uri", workspace_.uri(path))
      .key("diagnostics")
      .begin_array()
      .end_array()
      .end_object();
  send(notification("textDocument/publishDiagnostics", text));
}

}  // namespace tenon::lsp

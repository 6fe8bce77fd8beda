// file: URIs and the paths they stand for (RFC 8089).
#pragma once

#include <string>
#include <string_view>

namespace tenon::lsp {

// Any other URI (untitled:…) stands for itself.
std::string path_of_uri(std::string_view uri);

// "file:///…" with what needs it percent-encoded; a text that is no absolute path comes back as it is.
std::string uri_of_path(std::string_view path);

}  // namespace tenon::lsp

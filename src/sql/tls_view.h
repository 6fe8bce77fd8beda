// A TLS handshake that accepts any certificate and tells what it saw.
#pragma once

#include <expected>
#include <string>

#include "sql/reach.h"

namespace tenon::sql {

// On a connected, blocking socket, whose timeouts bound it. The error is a sentence.
std::expected<TlsView, std::string> look_at_tls(int socket, const std::string& host,
                                                const std::string& authority_file);

}  // namespace tenon::sql

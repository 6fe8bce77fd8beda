// Values of the protocol as JSON.
#pragma once

#include <optional>

#include <boost/json/object.hpp>

#include "base/json_writer.h"
#include "lsp/position.h"
#include "lsp/workspace.h"

namespace tenon::lsp {

void write_range(base::JsonWriter& json, const Range& range);
// {uri, range} of a span in a schema.
void write_location(base::JsonWriter& json, const Workspace& workspace, const Analysis& analysis,
                    const base::Span& span);
Range range_of(const Analysis& analysis, const base::Span& span);

std::optional<Position> read_position(const boost::json::object* object);
std::optional<Range> read_range(const boost::json::object* object);

}  // namespace tenon::lsp

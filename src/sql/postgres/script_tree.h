// Names in PostgreSQL's parse tree, and ALTER TABLE, which is a statement for itself: parts of
// script_actions.h.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "sql/script_action.h"

namespace tenon::sql::postgres {

// The table of a RangeVar; that of a node's member of this kind.
ObjectName name_of(const boost::json::object& range);
ObjectName relation_of(const boost::json::object& node, std::string_view key);
// a.b as a list of Strings; as any of the ways in which statements name what they are about.
ObjectName name_of_parts(const boost::json::array& parts);
ObjectName name_in(const boost::json::value& wrapped);

// Whether the statement has to be parsed for what it does; and that, from its tree, if it could be parsed.
bool may_act(std::string_view statement);
std::vector<ScriptAction> actions_in(std::string_view statement,
                                     const std::optional<boost::json::array>& tree);

// One action for each clause that matters.
void read_alter_table(const boost::json::object& node, std::vector<ScriptAction>& actions);

}  // namespace tenon::sql::postgres

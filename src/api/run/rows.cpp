#include "api/run/rows.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

#include "api/plan/parameters.h"
#include "base/hash.h"

namespace tenon::api {

using sql::Cell;

struct KeyGroups::State {
  struct Hash {
    using is_avalanching = void;
    std::size_t operator()(std::string_view key) const { return base::hash128(key).low; }
  };
  std::vector<KeyForm> forms;
  std::deque<std::string> formed;  // texts of the parts of keys that were brought into a form
  std::vector<Cell> converted;     // the parts of the key at hand
  boost::unordered_flat_map<std::string_view, std::uint32_t, Hash> groups;
  std::deque<std::string> composed;  // texts of keys of several columns
  std::vector<std::vector<Cell>> columns;
  std::string scratch;

  std::span<const Cell> form(std::span<const Cell> key);
  // One text for a key. Lengths keep ("ab", "c") and ("a", "bc") apart.
  std::string_view text(std::span<const Cell> key) {
    if (key.size() == 1) return key.front().text();
    scratch.clear();
    for (const Cell& cell : key) {
      scratch += std::to_string(cell.size);
      scratch += ':';
      scratch += cell.text();
    }
    return scratch;
  }
};

KeyGroups::KeyGroups(std::vector<KeyForm> forms) : state_(std::make_unique<State>()) {
  state_->forms = std::move(forms);
}
KeyGroups::~KeyGroups() = default;
KeyGroups::KeyGroups(KeyGroups&&) noexcept = default;
KeyGroups& KeyGroups::operator=(KeyGroups&&) noexcept = default;

// The parts in their forms, whose texts are the last of `formed`; without forms as they are. Empty when one
// has not its form.
std::span<const Cell> KeyGroups::State::form(std::span<const Cell> key) {
  if (forms.empty()) return key;
  converted.clear();
  for (std::size_t i = 0; i < key.size(); ++i) {
    auto text = in_form(forms[i], key[i].text());
    if (!text) return {};
    const std::string& kept = formed.emplace_back(std::move(*text));
    converted.push_back({kept.data(), static_cast<std::int32_t>(kept.size())});
  }
  return converted;
}

std::uint32_t KeyGroups::add(std::span<const Cell> given) {
  for (const Cell& cell : given)
    if (cell.is_null()) return LevelRows::no_group;
  const std::uint32_t known = find(given);
  if (known != LevelRows::no_group) return known;
  const std::span<const Cell> key = state_->form(given);
  if (key.empty()) return LevelRows::no_group;
  std::string_view text = state_->text(key);
  if (key.size() > 1) text = state_->composed.emplace_back(text);
  const auto group = static_cast<std::uint32_t>(state_->groups.size());
  state_->groups.emplace(text, group);
  state_->columns.resize(key.size());
  for (std::size_t i = 0; i < key.size(); ++i) state_->columns[i].push_back(key[i]);
  return group;
}

std::uint32_t KeyGroups::find(std::span<const Cell> given) {
  const std::size_t texts = state_->formed.size();
  const std::span<const Cell> key = state_->form(given);
  const auto found = key.empty() ? state_->groups.end() : state_->groups.find(state_->text(key));
  state_->formed.resize(texts);
  return found == state_->groups.end() ? LevelRows::no_group : found->second;
}

std::uint32_t KeyGroups::size() const { return static_cast<std::uint32_t>(state_->groups.size()); }

std::string KeyGroups::array(std::uint32_t part) const {
  std::string array = "{";
  std::size_t bytes = 2;
  for (const Cell& cell : state_->columns[part]) bytes += cell.text().size() + 1;
  array.reserve(bytes);
  for (const Cell& cell : state_->columns[part]) append_array_element(array, cell.text());
  array += '}';
  return array;
}

KeyGroups collect_keys(const Level& parent, const LevelRows& parent_rows, const Level& child,
                       LevelRows& child_rows) {
  KeyGroups keys(child.key_forms);
  if (!parent_rows.rows) return keys;
  child_rows.group_of_parent_row.assign(parent_rows.rows->row_count(), LevelRows::no_group);
  // Of a row no more is read than up to the last part of the key.
  const auto last = std::ranges::max_element(child.parent_cells);
  std::vector<Cell> cells(last == child.parent_cells.end() ? 0 : *last + 1);
  std::vector<Cell> key(child.key_count);
  for (std::uint32_t group = 0; group + 1 < parent_rows.starts.size(); ++group) {
    const std::uint32_t count = shown(parent, parent_rows, group);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t row = parent_rows.row(group, i);
      parent_rows.rows->read(row, cells);
      for (std::size_t k = 0; k < key.size(); ++k) key[k] = cells[child.parent_cells[k]];
      child_rows.group_of_parent_row[row] = keys.add(key);
    }
  }
  return keys;
}

void group_rows(const Level& level, LevelRows& rows, KeyGroups& keys) {
  const auto row_count = static_cast<std::uint32_t>(rows.rows->row_count());
  std::vector<std::uint32_t> group_of_row(row_count, LevelRows::no_group);
  rows.starts.assign(keys.size() + 1, 0);
  std::vector<Cell> key(level.key_count);
  std::vector<Cell> last_key(level.key_count);
  std::uint32_t last = LevelRows::no_group;
  bool in_order = true;
  for (std::uint32_t row = 0; row < row_count; ++row) {
    rows.rows->read(row, key);
    bool same = last != LevelRows::no_group;
    for (std::size_t i = 0; same && i < key.size(); ++i) same = key[i].text() == last_key[i].text();
    const std::uint32_t group = same ? last : keys.find(key);
    if (group == LevelRows::no_group || (last != LevelRows::no_group && group < last)) in_order = false;
    if (group == LevelRows::no_group) continue;
    group_of_row[row] = group;
    ++rows.starts[group + 1];
    last = group;
    last_key.swap(key);
  }
  for (std::size_t g = 1; g < rows.starts.size(); ++g) rows.starts[g] += rows.starts[g - 1];
  if (in_order) return;
  rows.order.resize(row_count);
  std::vector<std::uint32_t> next(rows.starts.begin(), rows.starts.end());
  for (std::uint32_t row = 0; row < row_count; ++row)
    if (group_of_row[row] != LevelRows::no_group) rows.order[next[group_of_row[row]]++] = row;
}

void read_counts(const Level& level, const sql::ResultSet& result, LevelRows& rows, KeyGroups& keys) {
  rows.counts.assign(level.key_count == 0 ? 1 : keys.size(), 0);
  std::vector<Cell> cells(level.key_count + 1);
  for (std::size_t row = 0; row < result.row_count(); ++row) {
    result.read(row, cells);
    const std::span<const Cell> key(cells.data(), level.key_count);
    const std::uint32_t group = level.key_count == 0 ? 0 : keys.find(key);
    if (group == LevelRows::no_group) continue;
    const std::string_view text = cells.back().text();
    std::from_chars(text.data(), text.data() + text.size(), rows.counts[group]);
  }
}

namespace {

// Some rows of a result set, and their first cells.
class PartRows final : public sql::ResultSet {
 public:
  PartRows(std::shared_ptr<const sql::ResultSet> all, std::vector<std::uint32_t> rows, std::uint32_t width)
      : all_(std::move(all)), of_(std::move(rows)) {
    rows_ = of_.size();
    columns_ = width;
  }

  void read(std::size_t row, std::span<Cell> cells) const override {
    all_->read(of_[row], cells.first(std::min(cells.size(), columns_)));
  }
  std::string_view column_name(std::size_t column) const override { return all_->column_name(column); }

 private:
  std::shared_ptr<const sql::ResultSet> all_;
  std::vector<std::uint32_t> of_;
};

}  // namespace

std::optional<sql::Results> split(const SingleStatement& single, std::unique_ptr<sql::ResultSet> answer) {
  const std::shared_ptr<const sql::ResultSet> all = std::move(answer);
  std::vector<std::vector<std::uint32_t>> rows(single.parts.size());
  std::vector<Cell> cells(all->column_count());
  for (std::uint32_t row = 0; row < all->row_count(); ++row) {
    all->read(row, cells);
    const std::string_view text = cells.empty() ? std::string_view() : cells.back().text();
    std::uint32_t part = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), part);
    if (error != std::errc{} || end != text.data() + text.size() || part >= rows.size() ||
        single.parts[part].width >= cells.size())
      return std::nullopt;
    rows[part].push_back(row);
  }
  sql::Results parts;
  for (std::size_t i = 0; i < rows.size(); ++i)
    parts.push_back(std::make_unique<PartRows>(all, std::move(rows[i]), single.parts[i].width));
  return parts;
}

}  // namespace tenon::api

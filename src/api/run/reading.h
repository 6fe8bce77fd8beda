// Reads levels, depth by depth: each database's on one connection and one snapshot, those of several
// databases at the same time. A database that fails takes along what would have come from it, and nothing
// else.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "api/run/pools.h"
#include "api/run/unit.h"

namespace tenon::api {

class Reading {
 public:
  // All of these outlive it.
  Reading(BoundPlan& bound, PlanRows& result, const Pools& pools, const ExecuteOptions& options)
      : bound_(bound), plan_(bound.plan()), result_(result), pools_(pools), options_(options) {}

  // What fails is in the result: root fields, and levels whose parent lies in another database.
  boost::asio::awaitable<void> run(LevelRange range);

 private:
  // One database's part.
  struct Source {
    catalog::DatabaseId database;
    LevelRange range;
    std::uint32_t last_depth;
    Unit unit;
    bool reads_own = false;  // some statement is the owner's
    sql::Lease lease = {};
    sql::Begin begin = sql::Begin::snapshot_read;
    std::optional<Stop> failure = std::nullopt;
  };
  using Sources = std::vector<Source*>;

  void find_sources(LevelRange range);
  template <class Work>
  boost::asio::awaitable<void> each(const Sources& sources, Work work);
  template <class Run>
  boost::asio::awaitable<void> attempt(Source& source, Run run);
  boost::asio::awaitable<void> read_levels();
  boost::asio::awaitable<void> read_depth(Source& source, std::uint32_t depth);
  boost::asio::awaitable<void> finish(Source& source);
  bool has_too_many_rows() const;
  void report(LevelRange range);
  void report(const Source& source, const graphql::Error& error);

  BoundPlan& bound_;
  const Plan& plan_;
  PlanRows& result_;
  const Pools& pools_;
  const ExecuteOptions& options_;
  std::vector<Source> sources_;
};

}  // namespace tenon::api

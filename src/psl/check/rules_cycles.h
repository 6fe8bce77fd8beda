// Relations whose actions come back to where they began: a delete or an update would never end.
#pragma once

#include <cstddef>
#include <vector>

#include "psl/check/rules_context.h"

namespace tenon::psl {

// Databases with foreign keys sort this out themselves, all but one; with relationMode = "prisma" nobody
// does.
class CycleCheck {
 public:
  explicit CycleCheck(const RuleContext& context);

  // Reports a cycle that begins with the relation, whose two fields must both be there.
  void run(RelationId start);

 private:
  struct Step {
    RelationId relation;
    std::size_t previous;  // in `steps`; the first one is its own
  };

  bool leads_on(const Relation& relation) const;
  std::string path(const std::vector<Step>& steps, std::size_t last) const;
  void report(const Relation& start, std::string message) const;

  const RuleContext& context_;
  bool applies_;
  std::vector<std::vector<RelationId>> from_;  // complete relations with foreign keys, by model
  std::vector<std::size_t> seen_by_;           // by relation: the last run that followed it
  std::size_t runs_ = 0;
  std::size_t steps_left_;
};

}  // namespace tenon::psl

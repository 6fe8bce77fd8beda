// What is told of triggers, functions and the like that two databases do not share.
#include "migrate/objects.h"

#include <gtest/gtest.h>

namespace tenon::migrate {
namespace {

const DatabaseObjects recorded{{.kind = "trigger", .name = "a.kept", .definition = "1"},
                               {.kind = "function", .name = "f", .definition = "old"},
                               {.kind = "policy", .name = "a.p", .definition = "1"},
                               {.kind = "policy", .name = "a.q", .definition = "1"}};

TEST(DatabaseObjects, ThatAreTheSameAreNotTold) {
  EXPECT_EQ(compare_objects({.before = &recorded, .after = &recorded}), "");
}
TEST(DatabaseObjects, AreToldByKindAndName) {
  const DatabaseObjects live{{.kind = "function", .name = "f", .definition = "new"},
                             {.kind = "event", .name = "e", .definition = "1"},
                             {.kind = "trigger", .name = "a.kept", .definition = "1"}};
  EXPECT_EQ(compare_objects({.before = &recorded, .after = &live}),
            "[+] Added events\n  - e\n\n[-] Removed policies\n  - a.p\n  - a.q\n\n[*] Changed "
            "functions\n  - f\n");
}
TEST(DatabaseObjects, GrantsAreToldWhenMigrationsGiveSome) {
  const DatabaseObjects none;
  const DatabaseObjects one{{.kind = "grant", .name = "a to x", .definition = "SELECT"}};
  const DatabaseObjects two{{.kind = "grant", .name = "a to x", .definition = "SELECT UPDATE"},
                            {.kind = "grant", .name = "b to x", .definition = "SELECT"}};
  EXPECT_EQ(compare_objects({.before = &none, .after = &two}), "");
  EXPECT_EQ(compare_objects({.before = &one, .after = &two}),
            "[+] Added grants\n  - b to x\n\n[*] Changed grants\n  - a to x\n");
  EXPECT_EQ(compare_objects({.before = &one, .after = &none}), "[-] Removed grants\n  - a to x\n");
}
TEST(DatabaseObjects, OfOneNameAndTwoKindsAreTwo) {
  const DatabaseObjects live{{.kind = "procedure", .name = "f", .definition = "old"}};
  const DatabaseObjects before{{.kind = "function", .name = "f", .definition = "old"}};
  EXPECT_EQ(compare_objects({.before = &before, .after = &live}),
            "[+] Added procedures\n  - f\n\n[-] Removed functions\n  - f\n");
}

}  // namespace
}  // namespace tenon::migrate

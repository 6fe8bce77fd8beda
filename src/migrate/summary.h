// What changed, for people: the text of `migrate diff` without --script and of a found drift.
#pragma once

#include <string>

#include "migrate/diff.h"

namespace tenon::migrate {

// "\n[+] Added tables\n  - T\n …"; `No difference detected.` when there is none.
std::string summary(const Difference& difference);

}  // namespace tenon::migrate

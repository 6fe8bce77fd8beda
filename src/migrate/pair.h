// Before and after of one thing, as one value: nothing to swap by mistake.
#pragma once

namespace tenon::migrate {

template <class T>
struct Pair {
  T before;
  T after;
  friend bool operator==(const Pair&, const Pair&) = default;
};

}  // namespace tenon::migrate

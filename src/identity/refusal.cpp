#include "identity/refusal.h"

#include <array>
#include <cstddef>

namespace tenon::identity {

namespace {

constexpr std::array<std::string_view, refusal_count> causes{
    "no credential",
    "a credential given twice",
    "a credential of a kind that is not configured",
    "unknown API key",
    "API key expired",
    "malformed token",
    "token of an unknown issuer",
    "token with a refused algorithm",
    "token signed with an unknown key",
    "the issuer's keys are not available",
    "token with a wrong signature",
    "token expired",
    "token not yet valid",
    "token too old",
    "token for another audience",
    "token for another client",
    "token of another use",
    "refused by the authorizer",
    "the authorizer failed",
    "malformed signature of a request",
    "unknown access key",
    "wrong session token",
    "date of a signed request out of range",
};

}  // namespace

std::string_view cause(Refusal refusal) { return causes[static_cast<std::size_t>(refusal)]; }

}  // namespace tenon::identity

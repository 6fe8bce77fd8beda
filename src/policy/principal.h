// Who asks: what identity/ makes of a request's credential, and what rules are about.
#pragma once

#include <string>
#include <vector>

#include "policy/claims.h"
#include "policy/rule.h"

namespace tenon::policy {

struct Principal {
  Provider provider = Provider::api_key;
  // Of the identity pool: signed in. A guest is not.
  bool authenticated = true;
  // A service of the owner's own that signs its requests (AWS_IAM without an identity pool), or the console
  // of a developer: no rule is asked.
  bool unrestricted = false;
  // For logs, and for limits per caller: `key:web`, `user:<sub>`, `guest:<identity>`, `service:<access key
  // id>`. Never a credential.
  std::string name;
  Claims claims;
  // `Type.field`, of a custom authorizer: fields that are null for this request, whatever the rules say.
  std::vector<std::string> denied_fields;
};

}  // namespace tenon::policy

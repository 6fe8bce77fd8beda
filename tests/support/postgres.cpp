#include "tests/support/postgres.h"

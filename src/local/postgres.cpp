#include "local/postgres.h"

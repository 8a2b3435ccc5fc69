// Included before NEST's own headers: its sorting code then does not ask for Boost.
#pragma once
#include "config.h"
#undef HAVE_BOOST

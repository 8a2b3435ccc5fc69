/*
 * NEST extension module that registers the reinforced Hebbian synapse.
 *
 * Copyright (C) 2026 The pynn_backprop developers.
 * Licensed, like every file that is compiled against NEST's headers, under the GNU General Public License,
 * version 2 or (at your option) any later version.
 */

#include "nest_extension_interface.h"

#include "reinforced_hebbian_synapse.h"

namespace pynn_backprop
{

class Module : public nest::NESTExtensionInterface
{
public:
  void
  initialize() override
  {
    nest::register_connection_model< reinforced_hebbian_synapse >( "reinforced_hebbian_synapse" );
  }
};

} // namespace pynn_backprop

// NEST's loader looks this name up: the file's name followed by _LTX_module.
pynn_backprop::Module pynn_backpropmodule_LTX_module;

/*
 * The reinforced Hebbian synapse as a NEST synapse model.
 *
 * Copyright (C) 2026 The pynn_backprop developers.
 *
 * This file is compiled against NEST's headers and is therefore, unlike the rest of the package, licensed under
 * NEST's terms: the GNU General Public License, version 2 or (at your option) any later version.
 *
 * The rule.  Let the presynaptic neuron, the postsynaptic neuron and the reinforcement neuron be pre, post and r.
 * At a step t in which pre fires,
 *
 *     the weight w is transmitted as it is, and then
 *     w <- clip(w + eta, -w_max, w_max)    if post and r both fire at t
 *     w <- clip(w - eta, -w_max, w_max)    if post fires at t and r does not.
 *
 * How it is done.  With a minimal delay of one step NEST delivers the spikes of step t after every neuron has been
 * updated to t and before any is updated to t + 1.  When send() runs, the last spike time of any neuron therefore
 * tells whether it fires at t.  No spike history is kept, no update is postponed and the weight that is read between
 * two steps is always the present one.  A minimal delay of more than one step would break this, so it is refused.
 *
 * With MPI a process knows the last spike time of its own neurons only: post is one of them, and of r there is a copy
 * in each process, so that the parameter `reinforcement` differs from process to process.
 */

#ifndef REINFORCED_HEBBIAN_SYNAPSE_H
#define REINFORCED_HEBBIAN_SYNAPSE_H

#include <algorithm>

#include "archiving_node.h"
#include "common_synapse_properties.h"
#include "connection.h"
#include "event.h"
#include "kernel_manager.h"

namespace pynn_backprop
{

// The last spike time of a node is protected in ArchivingNode; naming it through a derived class makes it readable.
struct LastSpike : public nest::ArchivingNode
{
  static bool
  is_at( const nest::Node* node, const double time )
  {
    constexpr auto last_spike = &LastSpike::get_spiketime_ms;
    return ( static_cast< const nest::ArchivingNode* >( node )->*last_spike )() == time;
  }
};

class ReinforcedHebbianProperties : public nest::CommonSynapseProperties
{
public:
  void
  get_status( Dictionary& d ) const
  {
    CommonSynapseProperties::get_status( d );
    d[ "eta" ] = eta_;
    d[ "w_max" ] = w_max_;
    d[ "reinforcement" ] = reinforcement_id_;
  }

  void
  set_status( const Dictionary& d, nest::ConnectorModel& cm )
  {
    CommonSynapseProperties::set_status( d, cm );
    d.update_value( "eta", eta_ );
    d.update_value( "w_max", w_max_ );
    if ( d.update_value( "reinforcement", reinforcement_id_ ) )
    {
      reinforcement_ = find_( reinforcement_id_ );
    }
  }

  double eta_ = 2.0;
  double w_max_ = 254.0;
  const nest::Node* reinforcement_ = nullptr;

private:
  static const nest::Node*
  find_( const long node_id )
  {
    if ( node_id <= 0 )
    {
      return nullptr;
    }
    auto& vp_manager = nest::kernel().vp_manager;
    const size_t thread = vp_manager.vp_to_thread( vp_manager.node_id_to_vp( node_id ) );
    const nest::Node* node = nest::kernel().node_manager.get_node_or_proxy( node_id, thread );
    if ( not dynamic_cast< const nest::ArchivingNode* >( node ) )
    {
      throw nest::BadProperty(
        "reinforcement must be the node ID of a neuron of this process that archives its spikes" );
    }
    return node;
  }

  long reinforcement_id_ = 0;
};

template < typename targetidentifierT >
class reinforced_hebbian_synapse : public nest::Connection< targetidentifierT >
{
public:
  typedef ReinforcedHebbianProperties CommonPropertiesType;
  typedef nest::Connection< targetidentifierT > ConnectionBase;

  static constexpr nest::ConnectionModelProperties properties = nest::ConnectionModelProperties::HAS_DELAY
    | nest::ConnectionModelProperties::IS_PRIMARY | nest::ConnectionModelProperties::SUPPORTS_HPC
    | nest::ConnectionModelProperties::SUPPORTS_LBL;

  reinforced_hebbian_synapse() = default;
  reinforced_hebbian_synapse( const reinforced_hebbian_synapse& ) = default;
  reinforced_hebbian_synapse& operator=( const reinforced_hebbian_synapse& ) = default;

  using ConnectionBase::get_delay_steps;
  using ConnectionBase::get_rport;
  using ConnectionBase::get_target;

  void
  get_status( Dictionary& d ) const
  {
    ConnectionBase::get_status( d );
    d[ nest::names::weight ] = weight_;
    d[ nest::names::size_of ] = static_cast< long >( sizeof( *this ) );
  }

  void
  set_status( const Dictionary& d, nest::ConnectorModel& cm )
  {
    ConnectionBase::set_status( d, cm );
    d.update_value( nest::names::weight, weight_ );
  }

  void
  set_weight( const double weight )
  {
    weight_ = weight;
  }

  class ConnTestDummyNode : public nest::ConnTestDummyNodeBase
  {
  public:
    using ConnTestDummyNodeBase::handles_test_event;
    size_t
    handles_test_event( nest::SpikeEvent&, size_t ) override
    {
      return nest::invalid_port;
    }
  };

  void
  check_connection( nest::Node& source, nest::Node& target, const size_t receptor, const CommonPropertiesType& cp )
  {
    if ( not cp.reinforcement_ )
    {
      throw nest::BadProperty( "set the default 'reinforcement' of the synapse model before connecting" );
    }
    if ( not dynamic_cast< nest::ArchivingNode* >( &target ) )
    {
      throw nest::IllegalConnection( "the target of a reinforced Hebbian synapse must archive its spikes" );
    }
    ConnTestDummyNode dummy;
    ConnectionBase::check_connection_( dummy, source, target, receptor );
  }

  bool
  send( nest::Event& e, const size_t thread, const ReinforcedHebbianProperties& cp )
  {
    nest::Node* const target = get_target( thread );
    e.set_receiver( *target );
    e.set_weight( weight_ );
    e.set_delay_steps( get_delay_steps() );
    e.set_rport( get_rport() );
    e();

    const double now = e.get_stamp().get_ms();
    if ( LastSpike::is_at( target, now ) )
    {
      learn_( now, cp );
    }
    return true;
  }

private:
  void
  learn_( const double now, const ReinforcedHebbianProperties& cp )
  {
    if ( nest::kernel().connection_manager.get_min_delay() != 1 )
    {
      throw nest::KernelException( "the reinforced Hebbian synapse needs a minimal delay of one time step" );
    }
    const double change = LastSpike::is_at( cp.reinforcement_, now ) ? cp.eta_ : -cp.eta_;
    weight_ = std::clamp( weight_ + change, -cp.w_max_, cp.w_max_ );
  }

  double weight_ = 1.0;
};

template < typename targetidentifierT >
constexpr nest::ConnectionModelProperties reinforced_hebbian_synapse< targetidentifierT >::properties;

} // namespace pynn_backprop

#endif

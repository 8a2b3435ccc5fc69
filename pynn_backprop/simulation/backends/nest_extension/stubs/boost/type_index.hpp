// The one piece of Boost that NEST's headers use outside sorting: a readable type name for error messages.
#pragma once
#include <string>
#include <typeinfo>

namespace boost
{
namespace typeindex
{
struct TypeName
{
  const std::type_info& info;

  std::string
  pretty_name() const
  {
    return info.name();
  }
};

template < typename T >
TypeName
type_id()
{
  return { typeid( T ) };
}

template < typename T >
TypeName
type_id_with_cvr()
{
  return { typeid( T ) };
}

template < typename T >
TypeName
type_id_runtime( const T& value )
{
  return { typeid( value ) };
}
} // namespace typeindex
} // namespace boost

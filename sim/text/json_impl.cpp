// The one place where Boost.JSON's non-template code is compiled.
#include <boost/json/src.hpp>

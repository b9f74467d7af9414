#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace provlab {

namespace asio = boost::asio;
using boost::system::error_code;

/// Everything of a host runs on its world's one io_context, one thread.
using Executor = asio::io_context::executor_type;

template <class T = void>
using Task = asio::awaitable<T, Executor>;

/// Completion token of our coroutines; a failing operation throws boost::system::system_error.
inline constexpr asio::use_awaitable_t<Executor> use_task{};

}  // namespace provlab

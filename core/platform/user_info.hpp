#pragma once
#include <string>
#include <string_view>

/// The user and password of a URL are told nowhere (SPEC 5.10). What is recorded in a trace goes
/// through hide_user_info() by itself; a text that may be a URL without a scheme, or that is cut
/// before it is told, goes through shown_url() first.
namespace provlab {

/// The text, with `***` for what stands before the `@` of each URL in it: `http://***@host`. A URL
/// is known by its scheme. Where its host and port cannot be any, they count as a user and password
/// with characters that do not belong there, up to the next `@`. Takes time linear in the text.
std::string hide_user_info(std::string_view text);

/// The same for a text that is meant to be a URL or reference as a whole: a scheme need not stand
/// there, and blanks do not end it.
std::string shown_url(std::string_view url);

/// Whether shown_url() hides something.
bool has_user_info(std::string_view url);

/// Quick: false where hide_user_info() leaves the text as it is.
bool may_have_user_info(std::string_view text);

}  // namespace provlab

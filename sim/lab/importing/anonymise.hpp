#pragma once
#include "sim/lab/importing/conversation.hpp"
#include "sim/lab/importing/stand_ins.hpp"

namespace provlab::lab {

/// The same conversation with stand-ins for all that is a customer's. Nothing that is written of it
/// has an original; what is not taken over is header lines that nobody reads.
Conversation anonymised(const Conversation& heard, StandIns& stand_ins);

/// The same of a URL, or of any text that may hold some.
std::string anonymised_url(std::string_view url, StandIns& stand_ins);
/// And of a document, be it XML, malformed or anything else.
std::string anonymised_document(std::string_view document, StandIns& stand_ins);

}  // namespace provlab::lab

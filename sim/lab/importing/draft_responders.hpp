#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/lab/importing/draft_world.hpp"
#include "sim/lab/importing/markup_node.hpp"

namespace provlab::lab {

/// What a draft is written with.
struct DraftInputs {
  const Conversation& heard;
  const DraftWorld& world;
  bool exact = false;                  ///< small delays count as well
  std::set<Talk> raw{};                ///< whose answers are octets
  std::set<std::string> octets_for{};  ///< the same of single requests
  /// Documents to be laid beside the scenario: names to contents.
  std::map<std::string, std::string>& documents;
  const KnownPhone* phone = nullptr;  ///< null: it is not known

  /// The delay of an answer beyond what its way takes, where it is worth telling.
  std::optional<Duration> delay_of(const DraftHost& host, Duration asked, Duration answered) const;
};

/// One question that a server was asked, and what it did.
struct Exchange {
  std::size_t place = 0;  ///< of the question
  const Said* question = nullptr;
  std::vector<const Said*> answers;  ///< of this server, in its place by another too
};
/// Those of a kind that a host heard, in their order.
std::vector<Exchange> exchanges_of(const DraftInputs& inputs, const DraftHost& host,
                                   std::string_view kind);

/// What a rule says of one request: nothing, where the server does what it always does.
using Treatment = std::optional<MarkupNode>;
/// Rules for the requests of one text, in their order; equal ones in a row are one rule.
void add_rules(MarkupNode& responder, const std::string& request,
               const std::vector<Treatment>& treatments);
MarkupNode no_answer();
/// Exactly these octets, with the transaction of the request.
MarkupNode raw_answer(const Said& answer);
/// Attributes of an answer that travels otherwise: late, several times, from elsewhere.
void add_travel(MarkupNode& answer, const DraftInputs& inputs, const DraftHost& host,
                const Exchange& exchange);

/// How a server presents itself in TLS; nothing where it does not speak it.
void add_tls(MarkupNode& server, const Conversation& heard, Endpoint at);

MarkupNode draft_dhcp(const DraftInputs& inputs, const DraftHost& host);
MarkupNode draft_dns(const DraftInputs& inputs, const DraftHost& host);
MarkupNode draft_ntp(const DraftInputs& inputs, const DraftHost& host);
MarkupNode draft_redirect(const DraftInputs& inputs, const DraftHost& host);
MarkupNode draft_multicast(const DraftInputs& inputs, const DraftHost& host);
/// One for each port.
std::vector<MarkupNode> draft_http(const DraftInputs& inputs, const DraftHost& host);

}  // namespace provlab::lab

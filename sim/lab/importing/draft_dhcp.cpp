#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/platform/text.hpp"
#include "sim/lab/importing/draft_responders.hpp"

namespace provlab::lab {

namespace {

constexpr std::uint8_t kDomainName = 15;

bool asks_for(const DhcpSaid& question, std::uint8_t code) {
  const std::string* const list = question.option(55);
  return list == nullptr || list->find(static_cast<char>(code)) != std::string::npos;
}

/// What a reply says, in the words of the `dhcp` element and of the answers in its rules.
class DhcpWords {
 public:
  DhcpWords(const DraftInputs& inputs, const DraftHost& host, const Said& said,
            const DhcpSaid& question)
      : inputs_(inputs), host_(host), reply_(*said.as<DhcpSaid>()), question_(question) {}

  MarkupNode words(const char* name) {
    MarkupNode node{.name = name};
    address(node);
    servers(node, "router", 3, {host_.address});
    servers(node, "dns", 6, hosts_with("dns"));
    servers(node, "ntp", 42, hosts_with("ntp"));
    lease(node);
    header(node);
    options(node);
    return node;
  }

 private:
  std::vector<Ipv4Address> hosts_with(const std::string& kind) const {
    std::vector<Ipv4Address> found;
    for (const DraftHost& host : inputs_.world.hosts()) {
      if (host.kinds.contains(kind) && host.is_near(host_)) found.push_back(host.address);
    }
    return found;
  }

  void address(MarkupNode& node) const {
    const unsigned prefix = reply_.prefix();
    const std::uint32_t network = host_.address.value & InterfaceAddress{{}, prefix}.mask();
    if (!reply_.your_address.is_any() && reply_.your_address.value != network + 100) {
      node.set("offer", reply_.your_address.to_string());
    }
    if (prefix != host_.prefix && prefix > 0) node.set("prefix", std::to_string(prefix));
    const auto named = reply_.addresses(54);
    if (!named.empty() && named[0] != host_.address)
      node.set("server", inputs_.world.name_of(named[0]));
  }

  void servers(MarkupNode& node, const char* name, std::uint8_t code,
               const std::vector<Ipv4Address>& usual) const {
    const std::vector<Ipv4Address> said = reply_.addresses(code);
    if (said == usual || (said.empty() && !asks_for(question_, code))) return;
    std::string text;
    for (const Ipv4Address each : said) {
      text.append(text.empty() ? "" : " ").append(inputs_.world.name_of(each));
    }
    node.set(name, text.empty() ? "none" : text);
  }

  void lease(MarkupNode& node) const {
    constexpr std::uint32_t kDay = 86'400;
    const auto time = reply_.number(51);
    if (!time) return;
    if (*time != kDay) node.set("lease", fmt::format("{}s", *time));
    const auto half = reply_.number(58);
    if (half && *half != *time / 2) node.set("renew", fmt::format("{}s", *half));
    const auto most = reply_.number(59);
    if (most && *most != std::uint64_t{*time} * 7 / 8) {
      node.set("rebind", fmt::format("{}s", *most));
    }
  }

  void header(MarkupNode& node) const {
    if (!reply_.file.empty() && is_plain_text(reply_.file)) node.set("file", reply_.file);
    if (!reply_.sname.empty() && is_plain_text(reply_.sname)) node.set("sname", reply_.sname);
    const auto codes = [&](const char* name, const std::vector<std::uint8_t>& all) {
      std::string text;
      for (const std::uint8_t code : all) {
        if (matters(code)) text += fmt::format("{}{}", text.empty() ? "" : " ", code);
      }
      if (!text.empty()) node.set(name, text);
    };
    codes("in-file", reply_.in_file);
    codes("in-sname", reply_.in_sname);
  }

  /// To a phone that provisions itself; of the others the server has its own.
  static bool matters(std::uint8_t code) { return code == 43 || code == 66 || code == 67; }

  void options(MarkupNode& node) const {
    bool unasked = false;
    bool terminated = false;
    bool open_ended = false;
    for (const auto& [code, value] : reply_.options) {
      if (!matters(code)) continue;
      if (!asks_for(question_, code)) unasked = true;
      if (code == 43) continue;
      (value.ends_with('\0') ? terminated : open_ended) = true;
    }
    terminated = terminated && !open_ended;
    if (terminated) node.set("nul-terminated", "true");
    if (unasked) node.set("only-requested", "false");
    std::vector<std::uint8_t> seen;
    for (const auto& [code, value] : reply_.options) {
      if (!matters(code) && !(code == kDomainName && completes_names(value))) continue;
      MarkupNode& option = node.add({.name = "option"}).set("code", std::to_string(code));
      std::string text = value;
      if (terminated && code != 43 && text.ends_with('\0')) text.pop_back();
      if (code != 43 && is_plain_text(text)) {
        option.set("text", text);
      } else {
        option.set("hex", pairs_of_hex(value));
      }
      if (std::ranges::find(seen, code) != seen.end()) option.set("continues", "true");
      seen.push_back(code);
    }
  }

  /// Whether the phone asks for a name that ends with that domain.
  bool completes_names(const std::string& domain) const {
    return std::ranges::any_of(inputs_.heard.said, [&](const Said& said) {
      const auto* dns = said.by_phone ? said.as<DnsSaid>() : nullptr;
      return dns != nullptr && !domain.empty() && dns->name.ends_with("." + lower(domain));
    });
  }

  const DraftInputs& inputs_;
  const DraftHost& host_;
  const DhcpSaid& reply_;
  const DhcpSaid& question_;
};

/// An answer cannot take away what its server always sends.
bool can_be_said(const MarkupNode& words, const MarkupNode& usual) {
  const auto has_code = [&](const MarkupNode& option) {
    return std::ranges::any_of(words.children, [&](const MarkupNode& each) {
      return each.attributes.front() == option.attributes.front();
    });
  };
  const auto has_attribute = [&](const auto& attribute) {
    return std::ranges::any_of(words.attributes,
                               [&](const auto& each) { return each.first == attribute.first; });
  };
  return std::ranges::all_of(usual.children, has_code) &&
         std::ranges::all_of(usual.attributes, has_attribute);
}

/// Times out of order and options without anything in them cannot be asked for.
bool is_beyond_words(const DhcpSaid& reply) {
  const auto lease = reply.number(51);
  if (lease && (reply.number(58).value_or(0) > reply.number(59).value_or(*lease) ||
                reply.number(59).value_or(0) > *lease)) {
    return true;
  }
  return std::ranges::any_of(reply.options, [](const auto& option) {
    const auto& [code, value] = option;
    return value.empty() && (code == 43 || code == 66 || code == 67);
  });
}

/// Whether a server may say that to a question of this type.
bool can_answer(const DhcpSaid& reply, const DhcpSaid& question) {
  if (reply.type == dhcp_type::kNak) return question.type == dhcp_type::kRequest;
  return reply.type == dhcp_type::kOffer
             ? question.type == dhcp_type::kDiscover
             : reply.type == dhcp_type::kAck && question.type != dhcp_type::kDiscover;
}

/// Whether the request was for this server at all.
bool names_another(const DraftHost& host, const DhcpSaid& question) {
  const auto named = question.addresses(54);
  return !named.empty() && named[0] != host.address;
}

class DhcpDraft {
 public:
  DhcpDraft(const DraftInputs& inputs, const DraftHost& host)
      : inputs_(inputs), host_(host), exchanges_(exchanges_of(inputs, host, "dhcp")) {}

  MarkupNode draft() {
    find_usual();
    MarkupNode dhcp{.name = "dhcp"};
    dhcp.set("host", host_.id);
    if (usual_) {
      dhcp.attributes.insert(dhcp.attributes.end(), usual_->attributes.begin(),
                             usual_->attributes.end());
      dhcp.children = usual_->children;
    }
    std::map<std::string, std::vector<Treatment>> by_request;
    std::vector<std::string> order;
    for (const Exchange& exchange : exchanges_) {
      const std::string& words = exchange.question->words;
      if (words != "discover" && words != "request" && words != "inform") continue;
      // What is for another server is no request of this one's rules.
      if (exchange.answers.empty() && names_another(host_, *exchange.question->as<DhcpSaid>())) {
        continue;
      }
      if (!by_request.contains(words)) order.push_back(words);
      by_request[words].push_back(treatment(exchange));
    }
    for (const std::string& words : order) add_rules(dhcp, words, by_request[words]);
    return dhcp;
  }

 private:
  /// What it says in its first ACK, or in its first OFFER where there is none.
  void find_usual() {
    for (const std::uint8_t type : {dhcp_type::kAck, dhcp_type::kOffer}) {
      for (const Exchange& exchange : exchanges_) {
        const auto& question = *exchange.question->as<DhcpSaid>();
        if (exchange.answers.empty() || usual_ || question.type == dhcp_type::kInform) continue;
        const Said& answer = *exchange.answers.front();
        const auto& reply = *answer.as<DhcpSaid>();
        if (reply.type != type || is_beyond_words(reply)) continue;
        usual_ = DhcpWords(inputs_, host_, answer, question).words("answer");
      }
    }
    for (const Exchange& exchange : exchanges_) {
      if (usual_ || exchange.answers.empty()) continue;
      const Said& answer = *exchange.answers.front();
      const auto& reply = *answer.as<DhcpSaid>();
      if (reply.type != dhcp_type::kAck || is_beyond_words(reply)) continue;
      usual_ =
          DhcpWords(inputs_, host_, answer, *exchange.question->as<DhcpSaid>()).words("answer");
    }
  }

  Treatment treatment(const Exchange& exchange) const {
    const auto& question = *exchange.question->as<DhcpSaid>();
    if (exchange.answers.empty()) return no_answer();
    const Said& first = *exchange.answers.front();
    const auto& reply = *first.as<DhcpSaid>();
    if (!can_answer(reply, question)) return raw(exchange);
    if (reply.type == dhcp_type::kNak) {
      MarkupNode nak{.name = "nak"};
      add_travel(nak, inputs_, host_, exchange);
      return nak;
    }
    MarkupNode words = DhcpWords(inputs_, host_, first, question).words("answer");
    const bool whole = reply.option(54) != nullptr &&
                       (question.type == dhcp_type::kInform || reply.option(51) != nullptr);
    if (!whole || inputs_.raw.contains(Talk::dhcp) || is_beyond_words(reply) ||
        (usual_ && words != *usual_ && !can_be_said(words, *usual_))) {
      return raw(exchange);
    }
    if (usual_ && words == *usual_) words = {.name = "answer"};
    add_travel(words, inputs_, host_, exchange);
    return words.bare() ? Treatment() : Treatment(std::move(words));
  }

  MarkupNode raw(const Exchange& exchange) const {
    MarkupNode raw = raw_answer(*exchange.answers.front());
    add_travel(raw, inputs_, host_, exchange);
    return raw;
  }

  const DraftInputs& inputs_;
  const DraftHost& host_;
  std::vector<Exchange> exchanges_;
  std::optional<MarkupNode> usual_;
};

}  // namespace

MarkupNode draft_dhcp(const DraftInputs& inputs, const DraftHost& host) {
  return DhcpDraft(inputs, host).draft();
}

}  // namespace provlab::lab

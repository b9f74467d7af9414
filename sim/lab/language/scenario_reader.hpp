#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/lab/language/element.hpp"
#include "sim/lab/plan/plan.hpp"

/// From the elements of a scenario to a ScenarioPlan. Each part has its own file; all complain and
/// go on, so that the author sees every slip at once.
namespace provlab::lab {

class ScenarioReader {
 public:
  ScenarioReader(ReadContext& context, ScenarioPlan& plan) : context_(context), plan_(plan) {}

  void read(const Element& scenario);

 private:
  // scenario_reader.cpp
  void read_about(const Element& about);
  void read_device(const Element& device);
  void check_initial_settings(const Element& device);
  void read_knobs(const Element& knobs);
  void read_sequence(const Element& knobs);
  void read_world(const Element& world);
  void read_host(const Element& element);
  void read_lose(const Element& element);
  void place_hosts();
  void read_timeline(const Element& timeline);
  void read_action(const Element& element);
  /// The host that an action is about, which exists; empty where it is the phone.
  std::string acting_host(const Element& element);
  template <class What>
  What read_what(const Element& element);

  // race_reader.cpp
  void read_race(const Element& race);
  void read_racer(const Element& answer, RacePlan& plan);
  void read_timeout(const Element& timeout, RacePlan& plan);
  void check_race_can_form(const Element& race, const RacePlan& plan);

  // check_sync_reader.cpp
  std::shared_ptr<const netfakes::CheckSync> read_check_sync(const Element& element);
  void check_stopped(const Element& element, const SwitchResponders& wanted);

  // responder_reader.cpp, url_responder_reader.cpp
  void read_responders(const Element& responders);
  // One for each kind of responder.
  void read(const Element& element, std::size_t host, netfakes::DhcpConfig& config);
  void read(const Element& element, std::size_t host, netfakes::DnsConfig& config);
  void read(const Element& element, std::size_t host, netfakes::NtpConfig& config);
  void read(const Element& element, std::size_t host, netfakes::RedirectConfig& config);
  void read(const Element& element, std::size_t host, netfakes::MulticastConfig& config);
  void read(const Element& element, std::size_t host, netfakes::HttpConfig& config);
  netfakes::DhcpSettings dhcp_settings(const Element& element, netfakes::DhcpSettings settings);
  std::string assigned_url(const netfakes::DhcpSettings& settings) const;
  void dhcp_option(const Element& element, netfakes::DhcpSettings& settings);
  std::shared_ptr<const netfakes::HttpResource> http_answer(const Element& answer);
  netfakes::HttpServerOptions server_options(const Element& element, std::size_t host);
  static Port port_of(const Element& element);
  std::vector<netfakes::Notify> notifies(const Element& element);
  void name_answer(const Element& element, std::string_view kind, std::string url);

  // rule_reader.cpp
  /// What all rules have in common; returns the one element inside `on`.
  std::optional<Element> read_rule(const Element& on, netfakes::AnswerRule& rule,
                                   const netfakes::ResponderKind& kind);
  void check_shadowed(const Element& responder, std::span<const netfakes::AnswerRule* const> rules);
  template <class R>
  void check_rules(const Element& responder, const std::vector<R>& rules) {
    std::vector<const netfakes::AnswerRule*> plain;
    for (const R& rule : rules) plain.push_back(&rule);
    check_shadowed(responder, plain);
  }
  std::shared_ptr<const netfakes::Faults> read_faults(const Element& answer);
  bool read_stream_faults(const Element& answer, netfakes::StreamFaults& faults);
  void check_faults(const Element& answer, const netfakes::Faults& faults);
  void check_stream_faults(const Element& answer, const netfakes::Faults& faults);
  Bytes raw_octets(const Element& raw);
  std::optional<Endpoint> sender(const Element& answer);

  // expectation_reader.cpp
  void read_expectations(const Element& expect);
  void read_expectation(const Element& element);
  RequestPattern request_pattern(const Element& element);
  void check_receiver(const Element& element, const RequestPattern& pattern, std::size_t host);
  void check_request(const Element& element, const RequestPattern& pattern,
                     const std::vector<std::string>& kinds);
  EventPattern event_pattern(const Element& element);
  ExpectSetting expect_setting(const Element& element);
  void check_event(const Element& element, const EventPattern& pattern);
  void check_when(const Element& element, When& when);
  /// Knows the event or result; spells an event as the trace does.
  void check_anchor(const Element& element, const char* attribute, Moment& moment);

  // shared
  static discovery::SourceKind source_kind(std::string_view name);
  std::optional<std::size_t> host_named(const Element& element, const char* attribute);
  /// Host ids and dotted quads; `none` is an empty list.
  std::optional<std::vector<Ipv4Address>> addresses(const Element& element, const char* attribute);
  /// A host id or dotted quad; complains where it is neither.
  std::optional<Ipv4Address> address_of(const Element& element, const char* attribute,
                                        const std::string& word);
  std::vector<std::string> host_ids() const;
  std::vector<std::string> answer_ids() const;
  /// Whether there is an answer with this id in a part that was not read because of something else,
  /// which has its complaint already.
  bool is_lost(const std::string& id) const;

  ReadContext& context_;
  ScenarioPlan& plan_;
  bool race_whole_ = true;  // false: the variants are not those that the author means
  std::map<std::string, std::vector<std::size_t>> kinds_;  // responders of a kind: their hosts
};

}  // namespace provlab::lab

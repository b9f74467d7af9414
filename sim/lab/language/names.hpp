#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/language/element.hpp"
#include "sim/lab/plan/plan.hpp"

namespace provlab::lab {

/// What the elements of one scenario call each other by: hosts, kinds of responders, answers.
///  1. It knows what the plan holds so far, so what is named is read before what names it.
///  2. Who asks for a name that nothing has gets nothing, and the author one complaint, which says
///  what names there are.
///  3. What was lost with a part that has its complaint is not complained of again.
class Names {
 public:
  /// Both outlive it.
  Names(const ReadContext& context, ScenarioPlan& plan) : context_(context), plan_(plan) {}

  // Hosts, by their index in the plan.
  std::optional<std::size_t> host(const Element& element, const char* attribute) const;
  /// The id of a host, or `device`, as the attribute says it; complains where there is none such.
  std::string host_or_phone(const Element& element, const char* attribute) const;
  const std::string& id_of(std::size_t host) const { return plan_.hosts[host].options.name; }
  /// Nothing where the host's address was complained about.
  std::optional<Ipv4Address> address_of(std::size_t host) const;
  /// Of a host's id or a dotted quad; `attribute` is where it stands.
  std::optional<Ipv4Address> address(const Element& element, const char* attribute,
                                     const std::string& word) const;
  /// Host ids and dotted quads; `none` is an empty list, an absent attribute nothing.
  std::optional<std::vector<Ipv4Address>> addresses(const Element& element,
                                                    const char* attribute) const;
  std::vector<std::string> host_ids() const;
  /// The LANs that hosts say they are in, where there are several.
  std::vector<std::string> lans() const;

  // Kinds of responders.
  void add_responder(std::string_view kind, std::size_t host);
  /// The hosts of the responders of a kind, in the order of the file.
  const std::vector<std::size_t>& hosts_with(std::string_view kind) const;
  std::vector<std::string> kinds_on(std::size_t host) const;
  /// Says that a host is one of the machine, not of the world.
  void add_daemon(std::size_t host) { daemons_.insert(id_of(host)); }
  bool has_daemon(std::string_view id) const { return daemons_.contains(id); }

  // Answers.
  /// Gives an answer of a responder of `kind` its id, where it has one.
  void add_answer(const Element& element, std::string_view kind, std::string url = {});
  /// The answer whose id the attribute is.
  const NamedAnswer* answer(const Element& element, const char* attribute) const;

  // Purposes (D41).
  /// The mark of what an element is there for; that of nobody where it says used="maybe". `missed`
  /// and `vain` are what is said where nothing comes of it, see Purpose.
  UseMark watch(const Element& element, std::string_view missed, std::string_view vain = {}) const;
  /// The same of a part of the element, written as `what` in that line.
  UseMark watch_part(const Element& element, int line, std::string what,
                     std::string_view missed) const;

  // Variants of the race.
  /// From now on the plan's variants are not those that the author means.
  void lose_variants() { variants_lost_ = true; }
  bool variants_lost() const { return variants_lost_; }

 private:
  /// What a complaint says instead of a host that is not there.
  std::string hosts_instead_of(std::string_view id) const;
  bool is_lost(const std::string& id) const;
  std::optional<std::size_t> host_called(std::string_view id) const;

  const ReadContext& context_;
  ScenarioPlan& plan_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> kinds_;
  std::set<std::string, std::less<>> daemons_;               ///< ids of hosts
  std::map<std::string, std::size_t, std::less<>> answers_;  ///< their places in the plan
  // Those of the plan so far, each at its first place.
  mutable std::map<std::string, std::size_t, std::less<>> hosts_;
  mutable std::size_t indexed_hosts_ = 0;
  bool variants_lost_ = false;
};

}  // namespace provlab::lab

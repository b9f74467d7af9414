#include "sim/lab/verdict/invariants/phone_state.hpp"

#include <algorithm>

#include "core/discovery/events.hpp"
#include "core/net/url.hpp"
#include "core/service/check_sync_events.hpp"
#include "core/service/events.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/phone/events.hpp"

namespace provlab::lab {

std::string text_of(const TraceRecord& record, std::string_view field) {
  return record.field(field).value_or("");
}

unsigned number_of(const TraceRecord& record, std::string_view field) {
  return static_cast<unsigned>(std::stoul(record.field(field).value_or("0")));
}

PhoneState::PhoneState(const ScenarioPlan& plan) : stages_(plan.phone.service.discovery.sequence) {
  if (const auto base = net::Url::parse(plan.phone.service.discovery.redirect_base)) {
    redirect_host_ = base->host();
  }
  boots_allowed_ = static_cast<unsigned>(std::ranges::count_if(
      plan.timeline, [](const Action& action) { return action.is<PowerOn>(); }));
}

std::span<const PhoneState::Intake> PhoneState::intakes() {
  static constexpr Intake kIntakes[] = {
      {&kEventType<service::RunStarted>, &PhoneState::begin_run},
      {&kEventType<service::RunEnded>, &PhoneState::end_run},
      {&kEventType<phone::PoweredOff>, &PhoneState::forget_run},
      {&kEventType<phone::PoweredOn>, &PhoneState::boot},
      {&kEventType<service::RebootRequested>, &PhoneState::allow_boot},
      {&kEventType<PowerFailed>, &PhoneState::allow_boot},
      {&kEventType<service::PreconditionMet>, &PhoneState::meet_precondition},
      {&kEventType<service::NextSourceTried>, &PhoneState::begin_search},
      {&kEventType<discovery::StageStarted>, &PhoneState::begin_stage},
      {&kEventType<discovery::SourceAnswered>, &PhoneState::take_answer},
      {&kEventType<discovery::WinnerChosen>, &PhoneState::take_winner},
      {&kEventType<service::UrlChosen>, &PhoneState::choose_url},
      {&kEventType<service::DocumentDownloadStarted>, &PhoneState::begin_download},
      {&kEventType<service::DocumentDownloaded>, &PhoneState::end_download},
      {&kEventType<service::DocumentDownloadFailed>, &PhoneState::end_download}};
  return kIntakes;
}

bool PhoneState::in_stage(std::string_view source) const {
  if (run_.stage == 0 || run_.stage > stages_.size()) return false;
  return std::ranges::any_of(stages_[run_.stage - 1],
                             [&](auto kind) { return discovery::to_string(kind) == source; });
}

bool PhoneState::has_lost(std::string_view source) const {
  return has_winner() && run_.winner != source && in_stage(source);
}

void PhoneState::begin_run(const TraceRecord& record) {
  run_ = {};
  run_.under_way = true;
  run_.number = text_of(record, "run");
}

void PhoneState::end_run(const TraceRecord&) {
  run_.under_way = false;
}

void PhoneState::forget_run(const TraceRecord&) {
  run_ = {};
}

void PhoneState::boot(const TraceRecord&) {
  run_ = {};
  ++boots_;
}

void PhoneState::allow_boot(const TraceRecord&) {
  ++boots_allowed_;
}

void PhoneState::meet_precondition(const TraceRecord& record) {
  (record.says("precondition", "network") ? run_.network : run_.time) = true;
}

void PhoneState::begin_search(const TraceRecord&) {
  run_.stage = 0;
  run_.first_usable_source.clear();
  run_.first_usable_url.clear();
  run_.winner.clear();
  run_.winner_url.clear();
}

void PhoneState::begin_stage(const TraceRecord&) {
  ++run_.stage;
}

void PhoneState::take_answer(const TraceRecord& record) {
  if (!record.says("usable", "true") || !run_.first_usable_source.empty()) return;
  run_.first_usable_source = text_of(record, "source");
  run_.first_usable_url = text_of(record, "url");
}

void PhoneState::take_winner(const TraceRecord& record) {
  run_.winner = text_of(record, "source");
  run_.winner_url = text_of(record, "url");
}

void PhoneState::choose_url(const TraceRecord& record) {
  run_.chosen_url = text_of(record, "url");
  run_.first_request_due = true;
}

void PhoneState::begin_download(const TraceRecord& record) {
  run_.first_request_due = false;
  run_.loading = true;
  run_.index = number_of(record, "index");
  run_.depth = number_of(record, "depth");
  run_.document_url = text_of(record, "url");
}

void PhoneState::end_download(const TraceRecord&) {
  run_.loading = false;
}

}  // namespace provlab::lab

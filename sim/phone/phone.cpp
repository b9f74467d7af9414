#include "sim/phone/phone.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/asio/post.hpp>
#include <stdexcept>
#include <utility>

#include "core/platform/user_info.hpp"
#include "core/service/allowlist.hpp"
#include "core/service/check_sync.hpp"
#include "core/service/provisioning_service.hpp"
#include "core/service/scheduler.hpp"
#include "core/settings/backup.hpp"
#include "core/settings/device_settings.hpp"
#include "core/settings/factory_defaults.hpp"
#include "core/settings/section_version.hpp"
#include "sim/phone/events.hpp"

namespace provlab::phone {

namespace {

constexpr std::string_view kUrlPath = "provisioning/url";
/// How the trace calls a document that came by upload.
constexpr const char* kUpload = "upload";

/// Handlers of one instant that the former power cycle may take to unwind; reached only if a task
/// does not end when it is cancelled.
constexpr unsigned kMostUnwindingSteps = 10'000;

service::NetworkOptions network_options(const PhoneOptions& options) {
  service::NetworkOptions network{.fixed = std::nullopt, .dhcp = options.dhcp};
  if (options.static_address) {
    network.fixed = service::StaticNetwork{*options.static_address, options.static_dns};
  }
  return network;
}

std::string_view upload_result(const settings::ApplyOutcome& outcome) {
  if (outcome.accepted + outcome.rejected == 0 && !outcome.unknown.empty()) return "unchanged";
  if (outcome.accepted == 0) return "rejected";
  if (outcome.rejected > 0) return "partial";
  return outcome.changed ? "restored" : "unchanged";
}

}  // namespace

/// All that exists only while the power is on. Its tasks share ownership of it, so it lives until
/// the last of them has unwound.
struct Phone::Power final : web::Device {
  Power(Host& h, const PhoneOptions& options, service::CheckSync::Reboot reboot)
      : host(h),
        device(options.identity),
        settings(h, device),
        clock(h),
        resolver(h),
        sntp(h, clock, resolver, options.sntp),
        http(h, resolver, clock, device, options.ca_file),
        sip(h, device, options.sip),
        network(h, device, network_options(options), settings, resolver, sntp),
        service(h, device, options.service, settings, network, clock, http, sip),
        allowlist(h, settings, resolver, network),
        check_sync(h, settings, allowlist, clock, service, std::move(reboot)),
        scheduler(h, settings, clock, [this] { service.trigger(service::Trigger::at_time); }),
        web(h, *this, options.web),
        tasks(h) {}

  // What the Web UI sees and does.
  DeviceIdentity identity() const override { return device; }
  web::DeviceState state() const override;
  settings::DeviceSettings& device_settings() override { return settings; }
  Expected<void> set(std::string_view path, std::string_view value) override;
  void start_provisioning() override;
  std::string make_backup() override;
  web::Restored restore(std::string_view document, const std::string& content_type) override;

  Task<> watch_settings() {
    for (;;) {
      co_await settings.changed().wait_until(kNever);
      network.settings_changed();
      allowlist.reconsider();
      scheduler.reconsider();
      web.settings_changed();
    }
  }

  Task<> watch_network() {
    for (;;) {
      co_await network.changed().wait_until(kNever);
      allowlist.reconsider();
    }
  }

  Task<> watch_clock() {
    for (;;) {
      co_await clock.changed().wait_until(kNever);
      scheduler.reconsider();
    }
  }

  static void start(const std::shared_ptr<Power>& power) {
    Power& p = *power;
    const auto spawn = [&power](Task<> task) { power->tasks.spawn(std::move(task), power); };
    p.settings.load();
    p.network.boot();
    if (const auto opened = p.sip.open()) {
      spawn(p.sip.run());
    } else {
      p.host.record(SipPortFailed{opened.error().text});
    }
    p.web.open();
    spawn(p.watch_settings());
    spawn(p.watch_network());
    spawn(p.watch_clock());
    spawn(p.network.run());
    spawn(p.network.run_dhcp());
    spawn(p.sntp.run());
    spawn(p.scheduler.run());
    spawn(p.service.run());
    p.sip.on_unsolicited_notify([&p](const net::SipNotify& n) { return p.check_sync.judge(n); });
    spawn(p.allowlist.run());
  }

  void stop() {
    tasks.cancel();
    check_sync.stop();
    sip.close();
    web.close();
  }

  Host& host;
  DeviceIdentity device;
  settings::DeviceSettings settings;
  net::DeviceClock clock;
  net::Resolver resolver;
  net::SntpClient sntp;
  net::HttpClient http;
  net::SipEndpoint sip;
  service::NetworkManager network;
  service::ProvisioningService service;
  service::Allowlist allowlist;
  service::CheckSync check_sync;
  service::Scheduler scheduler;
  web::WebUi web;
  TaskGroup tasks;
};

web::DeviceState Phone::Power::state() const {
  return {.network_trouble = network.available() ? std::string() : network.why_unavailable(),
          .time = clock.valid() ? std::optional(clock.now()) : std::nullopt,
          .running = service.running()};
}

Expected<void> Phone::Power::set(std::string_view path, std::string_view value) {
  host.record(MenuUsed{path, path == kUrlPath ? shown_url(value) : std::string(value)});
  const auto set = settings.set(path, value);
  if (!set) host.record(SettingRefused{path, set.error().text});
  return set;
}

void Phone::Power::start_provisioning() {
  host.record(MenuUsed{"start-provisioning", ""});
  service.trigger(service::Trigger::manual);
}

std::string Phone::Power::make_backup() {
  std::string backup = settings::write_backup(settings.configuration());
  host.record(BackupMade{backup.size()});
  return backup;
}

web::Restored Phone::Power::restore(std::string_view document, const std::string& content_type) {
  host.record(UploadReceived{document.size()});
  const auto ended = [this](web::Restored restored) {
    host.record(UploadEnded{restored.result, restored.reason});
    return restored;
  };
  const auto read = settings.read(document, content_type, kUpload);
  if (!read) return ended({"refused", read.error().to_string(), {}, {}});
  if (read->type == settings::DocumentType::reference) {
    return ended({"refused",
                  "a document of reference type names other documents; enter its URL as "
                  "provisioning server URL instead",
                  read->warnings,
                  {}});
  }
  settings::ApplyOutcome outcome = settings.apply(*read, kUpload);
  std::string detail = fmt::format("{} accepted, {} rejected", outcome.accepted, outcome.rejected);
  if (!outcome.unknown.empty()) {
    detail += fmt::format("; left out, as this release has no such section: {}",
                          fmt::join(outcome.unknown, ", "));
  }
  const std::string_view result = upload_result(outcome);
  return ended({std::string(result), detail, read->warnings, std::move(outcome)});
}

Phone::Phone(Host& host, PhoneOptions options) : host_(host), options_(std::move(options)) {
  prepare_store();
}

Phone::~Phone() {
  if (power_) power_->stop();
}

void Phone::prepare_store() {
  stored_ = settings::factory_defaults(options_.identity.type, options_.identity.release);
  if (!options_.initial_configuration_xml && options_.settings.empty()) return;
  std::optional<Expected<settings::Configuration>> initial;
  if (options_.initial_configuration_xml) {
    initial = settings::Configuration::parse(*options_.initial_configuration_xml);
  }
  // Older sections were written by the firmware of then; this one finds them when it boots.
  DeviceIdentity writer = options_.identity;
  if (initial && *initial) writer.release = settings::written_by(**initial, writer.release);
  settings::DeviceSettings settings(host_, writer);
  settings.load();
  if (initial) {
    const auto installed =
        *initial ? settings.install(**initial) : std::unexpected(initial->error());
    if (!installed) host_.record(SettingRefused{"/configuration", installed.error().text});
  }
  for (const auto& [path, value] : options_.settings) {
    const auto set = settings.set(path, value);
    if (!set) host_.record(SettingRefused{path, set.error().text});
  }
  stored_ = settings.configuration();
}

void Phone::power_on() {
  if (on_) return;
  on_ = true;
  host_.record(PoweredOn{options_.identity.type, options_.identity.release});
  boot(0);
}

/// Boots as soon as nothing of the former power cycle is left; that is in the same instant.
void Phone::boot(unsigned attempt) {
  if (!unwinding_.expired()) {
    if (attempt > kMostUnwindingSteps) {
      throw std::logic_error("a task of the phone did not end when its power was cut");
    }
    if (boot_later_.holds()) return;
    asio::post(host_.context(), boot_later_.tie([this, attempt] {
      if (on_ && !power_) boot(attempt + 1);
    }));
    return;
  }
  host_.deconfigure();  // SPEC 1.4: the device boots without an address
  // The asker is part of what the reboot ends, so it returns first.
  const auto reboot = [this] {
    if (reboot_soon_.holds()) return;
    asio::post(host_.context(), reboot_soon_.tie([this] {
      if (!power_) return;
      net::SipTransactions answered = power_->sip.hand_over();
      power_off();
      answered_ = std::move(answered);  // else the NOTIFY, repeated, would reboot again
      power_on();
    }));
  };
  power_ = std::make_shared<Power>(host_, options_, reboot);
  power_->sip.take_over(std::exchange(answered_, {}));
  Power::start(power_);
  if (options_.run_at_boot) power_->service.trigger(service::Trigger::boot);
}

void Phone::power_off() {
  if (!on_) return;
  on_ = false;
  answered_.clear();
  host_.record(PoweredOff{run_in_progress()});
  if (power_) {
    stored_ = power_->settings.configuration();
    power_->stop();
    unwinding_ = power_;
    power_.reset();
  }
  host_.deconfigure();
}

void Phone::press_start_provisioning() {
  if (power_) power_->start_provisioning();
}

void Phone::enter_url(std::string url) {
  set(kUrlPath, url);
}

void Phone::set(std::string_view path, std::string_view value) {
  if (power_) (void)power_->set(path, value);  // what was refused is recorded
}

std::optional<std::string> Phone::make_backup() {
  return power_ ? std::optional(power_->make_backup()) : std::nullopt;
}

void Phone::upload(std::string_view document) {
  if (power_) power_->restore(document, "");
}

void Phone::serve_web(std::unique_ptr<StreamSocket> socket, std::vector<std::string> names) {
  if (power_) power_->web.adopt(std::move(socket), std::move(names));
}

bool Phone::run_in_progress() const {
  return power_ && power_->service.running();
}

const settings::Configuration& Phone::configuration() const {
  return power_ ? power_->settings.configuration() : stored_;
}

bool Phone::resources_released() const {
  return unwinding_.expired() && (!power_ || power_->service.resources_released());
}

}  // namespace provlab::phone

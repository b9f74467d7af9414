#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/lab/serving/served_run.hpp"
#include "sim/lab/serving/watched_devices.hpp"

namespace provlab::lab {

struct SessionOptions {
  WireTimes times;
  Duration patience{};
  std::uint64_t seed = 1;
  std::string variant;  ///< only this one; empty: all
  unsigned repeat = 1;  ///< so often each
  bool beside_dhcp = false;
  bool whole_trace = false;       ///< as in ServedOptions
  RunLimits limits{};             ///< as in ServedOptions
  bool boots_by_command = false;  ///< the next boot is the one that bring_to_boot() makes
  std::optional<MacAddress> only;
};

/// What became of one boot.
struct ServedResult {
  Variant variant;
  unsigned round = 1;
  Verdict verdict;
  bool complete = false;  ///< all that its verdict needs has come
  bool departed = false;  ///< it fails, whatever might still have come
  Duration time{};
  wire::Lag lag;
  const PacketLog* log = nullptr;  ///< as of ServedRun; valid as long as the trace
};

/// What a session asks of who holds it.
struct SessionHands {
  std::function<void(const std::string& line)> tell;
  std::function<Expected<bool>()> stop;  ///< as in ServedOptions
  /// Sees to it that the phone boots, for this variant.
  std::function<void(const Variant& variant, unsigned round)> bring_to_boot;
  /// Where the frames of the boot that begins are written; null: nowhere.
  std::function<world::PcapngWriter*(const Variant& variant, unsigned round)> capture;
  /// A run is over; its trace is valid until this returns.
  std::function<void(ServedResult result, const Trace& trace)> take;
};

/// A scenario served to a real phone: each variant of its race at another boot.
class Session {
 public:
  Session(std::unique_ptr<wire::FrameLink> interface, const ScenarioPlan& plan,
          SessionOptions options, SessionHands hands);

  const WireView& view() const { return view_; }
  /// Variants that cannot be arranged for a real phone, with why.
  const std::vector<NotOnWire>& not_arranged() const { return not_arranged_; }
  std::size_t planned() const { return rounds_.size(); }

  enum class End { complete, stopped };
  /// Errors: what stands in the way of serving, or the interface is gone.
  Expected<End> run();

 private:
  struct Round {
    const Variant* variant;
    unsigned number;
  };
  bool is_last(const Round& round) const { return &round == &rounds_.back(); }
  std::unique_ptr<ServedRun> plug_in(const Round& round, ServedRun::Purpose purpose);
  void hand_over(ServedRun& run, const Round& round);
  void bring_to_boot(const Round& round);
  Expected<bool> stop();

  WireView view_;
  std::vector<std::shared_ptr<WatchedDevices>> devices_;
  Shared<ScenarioPlan> plan_;  ///< the view's, with lists of devices that follow their files
  std::vector<NotOnWire> not_arranged_;
  std::vector<Round> rounds_;
  SessionOptions options_;
  SessionHands hands_;
  BenchLink bench_;
};

}  // namespace provlab::lab

#include "core/service/result.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/net/http_status.hpp"
#include "core/platform/text.hpp"

namespace provlab::service {

namespace {

std::string count(unsigned number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string files(unsigned number) {
  return count(number, "file", "files");
}

std::string parts(unsigned number) {
  return count(number, "section or operation", "sections or operations");
}

/// `2 files could not be downloaded, 1 section or operation was rejected`
std::string list_wrongs(const DocumentTally& tally) {
  std::string text;
  const auto add = [&](unsigned number, std::string_view counted, std::string_view one,
                       std::string_view many) {
    if (number == 0) return;
    if (!text.empty()) text += ", ";
    text += counted;
    text += number == 1 ? one : many;
  };
  add(tally.failed, files(tally.failed), " could not be downloaded", " could not be downloaded");
  add(tally.refused, files(tally.refused), " could not be read", " could not be read");
  add(tally.skipped, count(tally.skipped, "reference", "references"), " was not followed",
      " were not followed");
  add(tally.rejected, parts(tally.rejected), " was rejected", " were rejected");
  return text;
}

/// What is to be said whatever came of the documents.
std::string notes(const DocumentTally& tally, TimeLimit limit) {
  std::string text = limit == TimeLimit::reached ? " The time limit of a run ended it early." : "";
  if (tally.downgraded != 0) {
    text += fmt::format(
        " Warning: a document that came by https names {} by http, where anybody on the way can "
        "change what is loaded; use https there.",
        count(tally.downgraded, "URL", "URLs"));
  }
  return text;
}

std::string unknown_note(const DocumentTally& tally) {
  if (tally.unknown.empty()) return "";
  return fmt::format(" Left out, as this release has no such {}: {}.",
                     tally.unknown.size() == 1 ? "section" : "sections",
                     shortened(fmt::format("{}", fmt::join(tally.unknown, ", ")), 200));
}

/// Who it is that answers so.
std::string_view status_author(int status) {
  if (status == 407) return "a proxy";
  return status == 511 ? "the network, not the server," : "the server";
}

std::string_view status_advice(int status) {
  if (status == 401 || status == 403) return "allow the phone to read the file without a login";
  if (status == 407) {
    return "a proxy on the way wants a login, and the phone has none; let the phone reach the "
           "server without that proxy";
  }
  if (status == 511) {
    return "the network wants a login before it lets anything through; let the phone pass without "
           "one, or give it another network";
  }
  if (status == 404 || status == 410) return "check that the file is there and spelt the same";
  if (status >= 200 && status < 300) return "the server must answer 200 with the whole file";
  if (status >= 300 && status < 400) {
    return "the server must answer 200 with the whole file, or redirect with 301, 302, 303, 307 or "
           "308";
  }
  if (status >= 400 && status < 500) return "check the URL and what the server expects";
  return "look into the server's log";
}

}  // namespace

std::string_view to_string(Trigger trigger) {
  switch (trigger) {
    case Trigger::manual:
      return "manual";
    case Trigger::boot:
      return "boot";
    case Trigger::at_time:
      return "at-time";
    case Trigger::check_sync:
      return "check-sync";
  }
  return "";
}

std::string_view to_string(RunResult result) {
  switch (result) {
    case RunResult::inactive:
      return "inactive";
    case RunResult::no_network:
      return "no-network";
    case RunResult::no_valid_time:
      return "no-valid-time";
    case RunResult::no_url:
      return "no-url";
    case RunResult::download_failed:
      return "download-failed";
    case RunResult::rejected:
      return "rejected";
    case RunResult::partial:
      return "partial";
    case RunResult::provisioned:
      return "provisioned";
    case RunResult::unchanged:
      return "unchanged";
  }
  return "";
}

RunResult judge(const DocumentTally& tally) {
  if (tally.downloaded == 0) return RunResult::download_failed;
  if (tally.accepted == 0) {
    const bool nothing_known = !tally.unknown.empty() && !tally.anything_wrong();
    return nothing_known ? RunResult::unchanged : RunResult::rejected;
  }
  if (tally.anything_wrong()) return RunResult::partial;
  return tally.changed ? RunResult::provisioned : RunResult::unchanged;
}

std::string describe(RunResult result, std::string_view reason, const DocumentTally& tally,
                     TimeLimit limit) {
  const std::string_view problem = tally.first_problem;
  switch (result) {
    case RunResult::inactive:
      return "Provisioning is switched off, so nothing was done; set provisioning/active to true, "
             "or use Start provisioning in the menu.";
    case RunResult::no_network:
      return fmt::format("There is no network: {}.", reason);
    case RunResult::no_valid_time:
      return fmt::format("There is no valid time: {}.", reason);
    case RunResult::no_url:
      return fmt::format("There is no URL to load from: {}.{}", reason, notes(tally, limit));
    case RunResult::download_failed:
      return fmt::format("Nothing was downloaded: {}.{}", problem, notes(tally, limit));
    case RunResult::rejected:
      return fmt::format(
          "Downloaded {}, but no setting was taken from there: {}; correct the file.{}",
          files(tally.downloaded),
          problem.empty() ? std::string_view("no section or operation is in there") : problem,
          notes(tally, limit));
    case RunResult::partial:
      return fmt::format(
          "Installed only in part: {} accepted, but {}. First problem: {}; correct it and "
          "provision again.{}{}",
          parts(tally.accepted), list_wrongs(tally), problem, unknown_note(tally),
          notes(tally, limit));
    case RunResult::provisioned:
      return fmt::format("Provisioned: {} from {} accepted; nothing to do.{}{}",
                         parts(tally.accepted), files(tally.downloaded), unknown_note(tally),
                         notes(tally, limit));
    case RunResult::unchanged:
      return fmt::format(
          "Already up to date: {} from {} accepted and nothing differed; nothing to "
          "do.{}{}",
          parts(tally.accepted), files(tally.downloaded), unknown_note(tally), notes(tally, limit));
  }
  return "";
}

std::string describe_http_status(int status) {
  const int counted = net::status_counted_as(status);
  const std::string_view meaning = net::meaning_of_status(counted);
  std::string text = fmt::format("{} answered {}", status_author(counted), status);
  if (counted != status)
    text += fmt::format(", which is no known status and counts as {}", counted);
  if (!meaning.empty()) text += fmt::format(" ({})", meaning);
  return text.append("; ").append(status_advice(counted));
}

}  // namespace provlab::service

#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/temporary_folder.hpp"

namespace provlab::interop {

/// Runs tshark on a capture; an independent reading of what our programs send.
class Tshark {
 public:
  static bool available() { return std::system("tshark --version >/dev/null 2>&1") == 0; }

  explicit Tshark(const std::string& capture) {
    std::ofstream(file(), std::ios::binary) << capture;
  }

  /// What `tshark -r capture ARGUMENTS` prints, in lines.
  std::vector<std::string> run(const std::string& arguments) const {
    // Checksums are offloaded in common captures, so tshark does not look at them unless told.
    const std::string command = "tshark -r " + file() +
                                " -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE"
                                " -o tcp.check_checksum:TRUE " +
                                arguments + " 2>" + (folder_ / "errors");
    std::vector<std::string> lines;
    std::FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return lines;
    std::string line;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
      if (c == '\n') {
        lines.push_back(std::move(line));
        line.clear();
      } else {
        line += static_cast<char>(c);
      }
    }
    if (!line.empty()) lines.push_back(line);
    const int status = pclose(pipe);
    EXPECT_EQ(status, 0) << command;
    return lines;
  }

 private:
  std::string file() const { return folder_ / "run.pcapng"; }
  test::TemporaryFolder folder_;
};

}  // namespace provlab::interop

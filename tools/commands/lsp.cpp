#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "sim/lab/editing/language_server.hpp"
#include "sim/lab/editing/message_stream.hpp"
#include "sim/lab/report/reports.hpp"
#include "tools/command.hpp"
#include "tools/sources_root.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

/// Whether something can be read from standard input right now.
bool is_input_waiting() {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  return poll(&input, 1, 0) > 0;
}

class LspCommand final : public Command {
 public:
  explicit LspCommand(CLI::App& app)
      : Command(app, "lsp", "Helps editors with scenarios, by the Language Server Protocol") {
    options().add_flag("--stdio", stdio_,
                       "By standard input and output, which is the only way and the default");
    add_sources_root(options(), root_);
    options().footer(
        "An editor starts it and speaks with it. It completes elements, attributes, their values,\n"
        "and names that the file has (hosts, answers, files), explains what stands under the\n"
        "cursor, a rule of the specification too, leads to where something is named, and\n"
        "complains about what 'validate' complains about, while the file is typed. Settings for\n"
        "VS Code, Neovim, Emacs and others are in tools/editors/, and with an installed package\n"
        "in /usr/share/doc/provlab/editors/.\n"
        "Exit code 0: shutdown and exit came; 1: it ended without these, or what came was no\n"
        "message.\n"
        "Examples:\n"
        "  provlab lsp\n"
        "  provlab lsp --stdio        the same\n"
        "  provlab lsp --root tests   scenarios may name files anywhere below tests/");
  }

  int run() override {
    server_.set_root(root_);
    for (;;) {
      if (!handle_messages()) return code_;
      if (server_.has_changes() && !is_input_waiting()) {
        server_.idle();
        send_replies();
      }
      const ssize_t count = read(STDIN_FILENO, buffer_.data(), buffer_.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return server_.is_shut_down() && stream_.between_messages() ? 0 : 1;
      stream_.feed({buffer_.data(), static_cast<std::size_t>(count)});
    }
  }

 private:
  /// Those that are there; false where one ends the server.
  bool handle_messages() {
    for (;;) {
      const auto body = stream_.next();
      if (!body) {
        server_.refuse_stream(body.error().text);
        send_replies();
        code_ = 1;
        return false;
      }
      if (!*body) return true;
      server_.handle(**body);
      send_replies();
      if (server_.exit_code()) {
        code_ = *server_.exit_code();
        return false;
      }
    }
  }

  void send_replies() {
    for (const std::string& reply : server_.take_replies()) {
      put(stdout, lab::MessageStream::framed(reply));
    }
    std::fflush(stdout);
  }

  lab::LanguageServer server_{lab::kProgramVersion};
  lab::MessageStream stream_;
  std::array<char, 65536> buffer_;
  int code_ = 0;
  bool stdio_ = false;
  std::string root_;
};

}  // namespace

std::unique_ptr<Command> add_lsp(CLI::App& app) {
  return std::make_unique<LspCommand>(app);
}

}  // namespace provlab::tools

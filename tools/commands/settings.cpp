#include <cstdio>
#include <tuple>

#include "sim/lab/machine/input_file.hpp"
#include "tools/command.hpp"
#include "tools/settings_schema.hpp"
#include "tools/settings_trial.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class SettingsCommand final : public Command {
 public:
  explicit SettingsCommand(CLI::App& app)
      : Command(app, "settings", "Tries provisioning documents without any network") {
    options().require_subcommand(1);
    // Before its subcommands, which take it over.
    options().footer(
        "What became of each document goes to stderr as FILE: WHAT, with the reason: warnings, "
        "what\n"
        "was migrated, stripped, rejected. A document that is refused does not stop the others.\n"
        "Users and passwords of URLs are printed as ***, but by migrate, backup and\n"
        "apply --credentials, which make documents to upload.\n"
        "Exit codes: 0 everything was applied, 1 something was rejected, 2 a document was refused\n"
        "or cannot be read.\n"
        "Examples:\n"
        "  provlab settings apply my-keys.xml --diff\n"
        "  provlab settings apply --type D100 --release 2.0C --config backup.xml a.xml b.xml\n"
        "  curl -s http://prov.server.com/a.xml | provlab settings validate -\n"
        "  provlab settings diff old.xml new.xml\n"
        "  provlab settings migrate --from 1.10A --to 2.2A old.xml > new.xml\n"
        "  provlab settings backup --config patch.xml > backup.xml\n"
        "  provlab settings schema telephony");
    CLI::App* apply = add(What::apply, "apply",
                          "Applies documents one after the other, prints the configuration");
    apply->add_flag("--diff", request_.only_differences,
                    "Print what has changed instead: section/path: old → new");
    apply->add_flag("--credentials", request_.credentials,
                    "Print users and passwords of URLs too, for a configuration to upload");
    CLI::App* validate =
        add(What::validate, "validate", "Says of each document whether it applies");
    CLI::App* diff = add(What::diff, "diff",
                         "Applies each of two documents to a device, prints what then differs");
    for (CLI::App* each : {apply, validate, diff}) {
      CLI::Option* documents =
          each->add_option("DOCUMENT", request_.documents, "Files; '-' reads standard input")
              ->required();
      if (each == diff) documents->expected(2);
    }
    CLI::App* migrate = options().add_subcommand(
        "migrate", "Brings a patch from one release's settings to another's, prints it");
    migrate->preparse_callback([this](std::size_t) { request_.what = What::migrate; });
    for (const auto& [name, release, about] :
         {std::tuple{"--from", &from_, "The release it was written for, where it names no version"},
          std::tuple{"--to", &release_, "The release it is to suit: 1.10A, 2.0C or 2.2A"}}) {
      migrate->add_option(name, *release, about)
          ->required()
          ->check(CLI::IsMember({"1.10A", "2.0C", "2.2A"}));
    }
    migrate->add_option("DOCUMENT", request_.documents, "A file; '-' reads standard input")
        ->required()
        ->expected(1);
    add(What::backup, "backup", "Prints the backup that the device would make");
    add_schema();
  }

  int run() override {
    request_.type = *parse_device_type(type_);
    request_.release = *parse_release(release_);
    request_.from = *parse_release(from_);
    schemas_.release = request_.release;
    const SettingsResult result = schema_->parsed()
                                      ? give_schemas(schemas_)
                                      : try_documents(request_, &lab::read_standard_input);
    put(stderr, result.report);
    put(stdout, result.output);
    return result.code;
  }

 private:
  using What = SettingsRequest::What;

  CLI::App* add(SettingsRequest::What what, const char* name, const char* about) {
    CLI::App* command = options().add_subcommand(name, about);
    command->preparse_callback([this, what](std::size_t) { request_.what = what; });
    command->add_option("--type", type_, "The device: D100 or D200 (default)")
        ->check(CLI::IsMember({"D100", "D200"}));
    command->add_option("--release", release_, "Its firmware: 1.10A, 2.0C or 2.2A (default)")
        ->check(CLI::IsMember({"1.10A", "2.0C", "2.2A"}));
    command->add_option("--config", request_.config,
                        "What the device has at first: a backup or patch (default: factory)");
    return command;
  }

  void add_schema() {
    schema_ =
        options().add_subcommand("schema", "Prints what settings a release knows, as XML Schema");
    schema_->add_option("--release", release_, "1.10A, 2.0C or 2.2A (default)")
        ->check(CLI::IsMember({"1.10A", "2.0C", "2.2A"}));
    schema_->add_option("--to", schemas_.folder, "Write them as files into a folder instead");
    schema_->add_option("SECTION", schemas_.section,
                        "Such as telephony (default: all, each behind a comment with its name)");
    schema_->footer(
        "They are ours: the vendor's are not public. The program holds documents against them.\n"
        "Exit codes: 0 done, 2 the release has no such section, or the folder cannot be written.\n"
        "Examples:\n"
        "  provlab settings schema telephony\n"
        "  provlab settings schema --release 1.10A --to xsd\n"
        "  xmllint --noout --schema xsd/users.xsd users.xml        with the files of --to");
  }

  SettingsRequest request_;
  SchemaRequest schemas_;
  CLI::App* schema_ = nullptr;
  std::string type_ = "D200";
  std::string release_ = "2.2A";
  std::string from_ = "1.10A";
};

}  // namespace

std::unique_ptr<Command> add_settings(CLI::App& app) {
  return std::make_unique<SettingsCommand>(app);
}

}  // namespace provlab::tools

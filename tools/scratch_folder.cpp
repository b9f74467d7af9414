#include "tools/scratch_folder.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace provlab::tools {

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "provlab-XXXXXX").string();
  if (mkdtemp(name.data()) != nullptr) path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code error;
  if (!path_.empty()) std::filesystem::remove_all(path_, error);
}

}  // namespace provlab::tools

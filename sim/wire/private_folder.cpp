#include "sim/wire/private_folder.hpp"

#include <sched.h>
#include <sys/mount.h>

#include "sim/wire/system_error.hpp"

namespace provlab::wire {

Expected<std::unique_ptr<PrivateFolder>> PrivateFolder::make() {
  if (::unshare(CLONE_NEWNS) != 0) return system_failed("the kernel gives no folders of its own");
  // Nobody else is to see what is mounted here.
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    // Where the root is no mount, what is mounted below it might be seen by others.
    return system_failed(errno == EINVAL
                             ? "in a changed root (chroot) the kernel gives no folders of its own"
                             : "the kernel gives no folders of its own");
  }
  std::unique_ptr<PrivateFolder> made(new PrivateFolder);
  if (::mount("provlab", made->path_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV,
              "size=64m,mode=0755") != 0) {
    const int number = errno;
    made->path_.clear();
    return system_failed("the kernel gives no folder in memory", number);
  }
  return made;
}

PrivateFolder::~PrivateFolder() {
  if (!path_.empty()) ::umount2(path_.c_str(), MNT_DETACH);
}

}  // namespace provlab::wire

#pragma once

namespace provlab::tools {

/// Makes sure that the three standard streams are there, so that no file that is opened later becomes
/// one of them and gets what is printed. One that was closed takes all and gives nothing. Call it
/// first in main().
void hold_standard_streams();

}  // namespace provlab::tools

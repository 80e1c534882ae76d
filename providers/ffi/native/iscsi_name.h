// iSCSI node names by RFC 3720 section 3.2.6 and RFC 3980.
#pragma once

#include "base.h"

namespace vdsc {

/** Whether the text is a valid name: iqn., eui. or naa., normalised to lower case, at most 223 bytes of UTF-8. */
bool isIscsiName(const Text& name);

}  // namespace vdsc

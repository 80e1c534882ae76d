// iSCSI node names by RFC 3720 section 3.2.6 and RFC 3980.
#pragma once

#include "com/base.h"

namespace vdsc {

inline bool isDigit(WCHAR c) noexcept {
  return c >= '0' && c <= '9';
}
inline WCHAR toLower(WCHAR c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<WCHAR>(c - 'A' + 'a') : c;
}
inline bool isHexDigit(WCHAR c) noexcept {
  return isDigit(c) || (toLower(c) >= 'a' && toLower(c) <= 'f');
}

/** Whether the text is a valid name: iqn., eui. or naa., normalised to lower case, at most 223 bytes of UTF-8. */
bool isIscsiName(const Text& name);

}  // namespace vdsc

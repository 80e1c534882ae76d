#include "array/iscsi_name.h"

#include <algorithm>

namespace vdsc {
namespace {

bool isLetterOrDigit(WCHAR c) {
  return (c >= 'a' && c <= 'z') || isDigit(c);
}

/** Bytes that the text takes in UTF-8; an unpaired surrogate counts as the replacement character it would become. */
size_t utf8Length(const Text& text) {
  size_t length = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<uint32_t>(text[i]);
    const bool pair =
        c >= 0xD800 && c <= 0xDBFF && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] <= 0xDFFF;
    length += c < 0x80 ? 1 : c < 0x800 ? 2 : pair ? 4 : 3;
    if (pair) ++i;
  }
  return length;
}

/** The prefix in any case, then one of the given numbers of hexadecimal digits. */
bool isHexName(const Text& name, std::string_view prefix, std::initializer_list<size_t> lengths) {
  const auto sameLetter = [](char p, WCHAR c) { return toLower(c) == p; };
  if (name.size() < prefix.size() || !std::equal(prefix.begin(), prefix.end(), name.begin(), sameLetter)) return false;
  const size_t digits = name.size() - prefix.size();
  return std::find(lengths.begin(), lengths.end(), digits) != lengths.end() &&
         std::all_of(name.begin() + prefix.size(), name.end(), isHexDigit);
}

/** One label of the naming authority: letters, digits and inner hyphens. */
bool isLabel(const Text& label) {
  return !label.empty() && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](WCHAR c) { return isLetterOrDigit(c) || c == '-'; });
}

/** Stringprep leaves of ASCII only these, and no line or paragraph separator; other characters are the vendor's affair.
 */
bool isSuffixCharacter(WCHAR c) {
  return c < 0x80 ? isLetterOrDigit(c) || c == '-' || c == '.' || c == ':' : c != 0x2028 && c != 0x2029;
}

/** iqn.yyyy-mm.reversed.domain[:anything] */
bool isQualifiedName(const Text& name) {
  constexpr size_t kAuthority = 12;
  if (name.size() <= kAuthority || name.compare(0, 4, wide("iqn.")) != 0 || name[8] != '-' || name[11] != '.')
    return false;
  for (const size_t i : {4, 5, 6, 7, 9, 10})
    if (!isDigit(name[i])) return false;
  const int month = 10 * (name[9] - '0') + name[10] - '0';
  if (month < 1 || month > 12) return false;

  const size_t colon = name.find(':');
  const Text authority = name.substr(kAuthority, colon == Text::npos ? colon : colon - kAuthority);
  for (size_t start = 0; start <= authority.size();) {
    const size_t dot = std::min(authority.find('.', start), authority.size());
    if (!isLabel(authority.substr(start, dot - start))) return false;
    start = dot + 1;
  }
  if (colon == Text::npos) return true;
  return colon + 1 < name.size() && std::all_of(name.begin() + colon + 1, name.end(), isSuffixCharacter);
}

}  // namespace

bool isIscsiName(const Text& name) {
  if (utf8Length(name) > 223) return false;
  return isHexName(name, "eui.", {16}) || isHexName(name, "naa.", {16, 32}) || isQualifiedName(name);
}

}  // namespace vdsc

#include "com/state.h"

#include <algorithm>
#include <cstdlib>

namespace vdsc {
namespace {

namespace fs = std::filesystem;

/** The private directory of a process that was given none. */
class TemporaryDirectory {
 public:
  TemporaryDirectory() : path(fs::temp_directory_path() / ("vdsc-native-" + guidDigits(newGuid()))) {
    fs::create_directory(path);
    fs::permissions(path, fs::perms::owner_all);
  }
  ~TemporaryDirectory() {
    std::error_code ignored;  // Nobody is left to tell.
    fs::remove_all(path, ignored);
  }
  const fs::path path;
};

#ifdef _WIN32
using Setting = std::wstring;
#define VDSC_SETTING(name) L##name
/** Not _wgetenv: the C runtime copies the environment when it starts and misses what the host sets later. */
std::optional<Setting> settingOf(const WCHAR* name) {
  WCHAR buffer[32768];
  const DWORD length = GetEnvironmentVariableW(name, buffer, 32768);
  if (length > 0 && length < 32768) return Setting(buffer, length);
  return std::nullopt;
}
#else
using Setting = std::string;
#define VDSC_SETTING(name) name
std::optional<Setting> settingOf(const char* name) {
  const char* value = std::getenv(name);
  if (value && *value) return Setting(value);
  return std::nullopt;
}
#endif

std::optional<ProfileNumber> configuredProfile() {
  const std::optional<Setting> name = settingOf(VDSC_SETTING("VDSC_NATIVE_PROFILE"));
  if (!name) return std::nullopt;
  return profileNamed(fs::path(*name).u8string());
}

fs::path stateDirectory() {
  if (const std::optional<Setting> configured = settingOf(VDSC_SETTING("VDSC_NATIVE_STATE"))) {
    fs::create_directories(*configured);
    return fs::canonical(*configured);
  }
  static const TemporaryDirectory temporary;
  return temporary.path;
}

}  // namespace

std::shared_ptr<const Claim> Claims::add(Claim claim) {
  claims_.erase(std::remove_if(claims_.begin(), claims_.end(), [](const auto& c) { return c.expired(); }),
                claims_.end());
  auto added = std::make_shared<const Claim>(std::move(claim));
  claims_.push_back(added);
  return added;
}

template <class Visit>
void Claims::each(Visit&& visit) const {
  for (const auto& weak : claims_)
    if (const auto claim = weak.lock()) visit(*claim);
}

Extents Claims::extentsIn(const GUID& subSystem) const {
  Extents extents;
  each([&](const Claim& claim) {
    if (claim.subSystem == subSystem) extents.insert(extents.end(), claim.extents.begin(), claim.extents.end());
  });
  return extents;
}

bool Claims::holdName(const Text& iscsiName) const {
  bool isHeld = false;
  each([&](const Claim& claim) { isHeld = isHeld || claim.iscsiName == iscsiName; });
  return isHeld;
}

size_t Claims::groupsOf(const GUID& target) const {
  size_t count = 0;
  each([&](const Claim& claim) { count += claim.groupOf == target; });
  return count;
}

std::shared_ptr<State> State::open() {
  static std::mutex mutex;
  static std::map<fs::path, std::weak_ptr<State>> opened;
  const fs::path directory = stateDirectory();
  const std::lock_guard lock(mutex);
  std::weak_ptr<State>& slot = opened[directory];
  std::shared_ptr<State> state = slot.lock();
  if (!state) slot = state = std::make_shared<State>(directory, configuredProfile());
  return state;
}

std::shared_ptr<Cache> State::newCache() {
  auto slot = std::find_if(caches_.begin(), caches_.end(), [](const auto& cache) { return cache.expired(); });
  if (slot == caches_.end()) slot = caches_.insert(slot, std::weak_ptr<Cache>());
  const auto number = slot - caches_.begin() + 1;
  auto cache =
      std::make_shared<Cache>(directory_ / (number == 1 ? "cache.bin" : "cache-" + std::to_string(number) + ".bin"));
  *slot = cache;
  return cache;
}

}  // namespace vdsc

#include "array/paths.h"

#include <algorithm>
#include <iterator>

#include "array/iscsi_name.h"

namespace vdsc {
namespace {

/** Whether an unmasking list shows its LUN to the port of this name. */
bool shows(const Text& unmaskingList, const Text& name) {
  const auto sameLetter = [](WCHAR a, WCHAR b) { return toLower(a) == toLower(b); };
  for (size_t start = 0; start <= unmaskingList.size();) {
    const size_t end = std::min(unmaskingList.find(WCHAR{';'}, start), unmaskingList.size());
    const Text entry = unmaskingList.substr(start, end - start);
    if (entry == wide("*") || std::equal(entry.begin(), entry.end(), name.begin(), name.end(), sameLetter)) return true;
    start = end + 1;
  }
  return false;
}

template <class Paths>
auto findPath(Paths& paths, uint8_t hba, const GUID& port) {
  return std::find_if(paths.begin(), paths.end(),
                      [&](const PathSettings& path) { return path.hba == hba && path.port == port; });
}

PathSettings newPath(uint8_t hba, const GUID& port) {
  PathSettings path;
  path.hba = hba;
  path.port = port;
  return path;
}

/** Fail-over has one primary path: the one that was set, or the first where none was. */
void keepOnePrimary(const LunRecord& lun, std::vector<PathSettings>& paths) {
  auto chosen = std::find_if(paths.begin(), paths.end(), [&lun](const PathSettings& path) {
    return path.isPrimary && findPath(lun.paths, path.hba, path.port) != lun.paths.end();
  });
  if (chosen == paths.end()) chosen = paths.begin();
  for (auto path = paths.begin(); path != paths.end(); ++path) path->isPrimary = path == chosen;
}

}  // namespace

std::vector<PathSettings> pathsOf(const SubSystemRecord& subSystem, const LunRecord& lun) {
  std::vector<PathSettings> paths;
  const std::vector<PortRecord> ports = portObjects(subSystem);
  for (uint8_t hba = 0; hba < std::size(kHbaPorts); ++hba) {
    if (!shows(lun.unmaskingList, wide(kHbaPorts[hba].port))) continue;
    for (const PortRecord& port : ports) {
      if (!contains(lun.ports, port.id)) continue;
      const auto set = findPath(lun.paths, hba, port.id);
      paths.push_back(set == lun.paths.end() ? newPath(hba, port.id) : *set);
      if (port.status != VDS_PRS_ONLINE) paths.back().status = VDS_MPS_FAILED;
    }
  }
  if (lun.policy == VDS_LBP_FAILOVER) keepOnePrimary(lun, paths);
  return paths;
}

PathSettings& settingsOf(LunRecord& lun, const PathSettings& path) {
  const auto set = findPath(lun.paths, path.hba, path.port);
  return set == lun.paths.end() ? lun.paths.emplace_back(newPath(path.hba, path.port)) : *set;
}

}  // namespace vdsc

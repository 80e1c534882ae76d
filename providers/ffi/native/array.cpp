#include "array.h"

#include <algorithm>

namespace vdsc {
namespace {

constexpr uint64_t kGiB = uint64_t{1} << 30;

SubSystemRecord newSubSystem(const char* letter, const char* targetSuffix) {
  SubSystemRecord subSystem;
  subSystem.facts.id = newGuid();
  subSystem.facts.friendlyName = wide(std::string("Array ") + letter);
  subSystem.facts.identification = wide(std::string("VDSC-ARRAY-") + letter);
  subSystem.facts.capacity = 64 * kGiB;

  LunRecord lun;
  lun.id = newGuid();
  lun.size = 8 * kGiB;
  lun.friendlyName = wide(std::string("Existing LUN ") + letter);
  lun.identification = wide("VDSC-LUN-" + guidDigits(lun.id));
  subSystem.luns.push_back(std::move(lun));

  TargetRecord target;
  target.id = newGuid();
  target.iscsiName = wide(std::string("iqn.2026-11.example.vdsc:existing-") + targetSuffix);
  target.friendlyName = wide(std::string("Existing target ") + letter);
  subSystem.targets.push_back(std::move(target));
  return subSystem;
}

template <class Record>
Record* withId(std::vector<Record>& records, const GUID& id) {
  const auto found = std::find_if(records.begin(), records.end(), [&id](const Record& r) { return r.id == id; });
  return found == records.end() ? nullptr : &*found;
}

}  // namespace

LunRecord* SubSystemRecord::lun(const GUID& id) { return withId(luns, id); }
TargetRecord* SubSystemRecord::target(const GUID& id) { return withId(targets, id); }

uint64_t SubSystemRecord::usedBytes() const noexcept {
  uint64_t used = 0;
  for (const LunRecord& lun : luns) used += lun.size;
  return used;
}

SubSystemRecord* System::connected(const GUID& id) {
  for (SubSystemRecord& subSystem : subSystems)
    if (subSystem.facts.id == id) return subSystem.connected ? &subSystem : nullptr;
  return nullptr;
}

// The file: the checksum of the rest, then the System.

System Array::read() const {
  const std::optional<Bytes> file = readFile(file_);
  if (!file) {
    System system;
    system.subSystems.push_back(newSubSystem("A", "a"));
    system.subSystems.push_back(newSubSystem("B", "b"));
    write(system);
    return system;
  }
  uint32_t checksum = 0;
  if (file->size() > sizeof checksum) {
    std::memcpy(&checksum, file->data(), sizeof checksum);
    const Bytes body(file->begin() + sizeof checksum, file->end());
    if (checksum == crc32(body.data(), body.size()))
      if (std::optional<System> system = fromBytes<System>(body)) return std::move(*system);
  }
  fail(fromSystemError(kErrorCrc));
}

Replacement Array::prepare(const System& system) const {
  const Bytes body = toBytes(system);
  Writer file;
  file(crc32(body.data(), body.size()));
  file.bytes.insert(file.bytes.end(), body.begin(), body.end());
  return Replacement(file_, file.bytes);
}

}  // namespace vdsc

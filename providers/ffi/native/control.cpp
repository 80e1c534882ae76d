// IVdsConformanceControl: faults on request, each read back from the file it changed, and the truth. See docs/control-interface.md.
#include <algorithm>

#include "provider.h"

namespace vdsc {
namespace {

std::string quoted(const Text& text) {
  std::string json = "\"";
  for (const WCHAR c : text) {
    if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
      json += static_cast<char>(c);
      continue;
    }
    json += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) json += "0123456789abcdef"[c >> shift & 0xF];
  }
  return json + '"';
}
std::string quoted(const GUID& id) { return '"' + guidText(id) + '"'; }

std::string toJson(const LunRecord& lun) {
  return "{\"id\":" + quoted(lun.id) + ",\"size\":\"" + std::to_string(lun.size) + "\",\"friendlyName\":" + quoted(lun.friendlyName) +
         ",\"identification\":" + quoted(lun.identification) + ",\"unmaskingList\":" + quoted(lun.unmaskingList) + ",\"type\":" + std::to_string(lun.type) +
         ",\"status\":" + std::to_string(lun.status) + ",\"health\":" + std::to_string(lun.health) + '}';
}

std::string toJson(const TargetRecord& target) {
  return "{\"id\":" + quoted(target.id) + ",\"iscsiName\":" + quoted(target.iscsiName) + ",\"friendlyName\":" + quoted(target.friendlyName) +
         ",\"chapEnabled\":" + (target.chapEnabled ? "true" : "false") + '}';
}

std::string toJson(const SubSystemRecord& subSystem);

template <class Record>
std::string listToJson(const std::vector<Record>& records) {
  std::string json;
  for (const Record& record : records) json += (json.empty() ? "" : ",") + toJson(record);
  return '[' + json + ']';
}

std::string toJson(const SubSystemRecord& subSystem) {
  const SubSystemFacts& facts = subSystem.facts;
  return "{\"id\":" + quoted(facts.id) + ",\"friendlyName\":" + quoted(facts.friendlyName) + ",\"identification\":" + quoted(facts.identification) +
         ",\"status\":" + std::to_string(facts.status) + ",\"health\":" + std::to_string(facts.health) +
         ",\"importTarget\":" + (facts.importTarget.empty() ? "null" : quoted(facts.importTarget)) + ",\"luns\":" + listToJson(subSystem.luns) +
         ",\"targets\":" + listToJson(subSystem.targets) + '}';
}

/** What a fault did: where, and the bytes there before and, read back from the file, after. */
struct Change {
  std::string where;
  Bytes before, after;
};

std::string proofOf(const char* kind, const GUID& object, const Change& change) {
  if (change.before == change.after) fail(VDS_E_NOT_SUPPORTED);
  return std::string("{\"kind\":\"") + kind + "\",\"object\":" + quoted(object) + ",\"where\":\"" + change.where + "\",\"before\":\"" + hex(change.before) +
         "\",\"after\":\"" + hex(change.after) + "\"}";
}

const char* nameOf(VDSC_FAULT_KIND kind) {
  switch (kind) {
    case VDSC_FK_FLIPPED_BYTES: return "flipped-bytes";
    case VDSC_FK_LOST_ENTRY: return "lost-entry";
    case VDSC_FK_DANGLING_REFERENCE: return "dangling-reference";
    case VDSC_FK_TORN_WRITE: return "torn-write";
    case VDSC_FK_STALE_ENTRY: return "stale-entry";
    case VDSC_FK_DELETE_OBJECT: return "delete-object";
    case VDSC_FK_DISCONNECT: return "disconnect";
    default: break;
  }
  fail(E_INVALIDARG);
}

std::string inCache(const Cache& cache, size_t offset) { return cache.fileName() + " offset " + std::to_string(offset); }

Bytes payloadOf(const Cache& cache, const Key& key) {
  const CacheImage image = cache.read();
  const CacheRecord* record = image.find(key);
  return record ? record->payload : Bytes();
}

/** Overwrites part of the payload where it lies in the file, so that the checksum no longer fits. */
template <class Overwrite>
Change overwrite(const Cache& cache, const CacheRecord& record, size_t first, size_t end, Overwrite&& overwriteByte) {
  Bytes bytes(record.payload.begin() + first, record.payload.begin() + end);
  const Bytes before = bytes;
  for (uint8_t& byte : bytes) byte = overwriteByte(byte);
  cache.patch(record.offset + first, bytes);
  const Bytes after = payloadOf(cache, record.key);
  return {inCache(cache, record.offset + first), before, Bytes(after.begin() + first, after.begin() + end)};
}

/** The payload with a reference to a device that does not exist. */
Bytes dangling(const CacheImage& image, const Key& key) {
  if (key.kind == Kind::subSystem) {
    if (std::optional<SubSystemEntry> entry = image.get<SubSystemEntry>(key.id)) {
      entry->luns.push_back(newGuid());
      return toBytes(*entry);
    }
  } else if (const std::optional<LunEntry> lun = image.get<LunEntry>(key.id); key.kind == Kind::lun && lun) {
    return toBytes(LunEntry{newGuid(), lun->record});
  } else if (const std::optional<TargetEntry> target = image.get<TargetEntry>(key.id)) {
    return toBytes(TargetEntry{newGuid(), target->record});
  }
  fail(VDS_E_NOT_SUPPORTED);  // Already damaged.
}

Change damage(Cache& cache, CacheImage image, VDSC_FAULT_KIND kind, const CacheRecord& record, size_t faultNumber) {
  const size_t size = record.payload.size();
  if (size < 4) fail(VDS_E_NOT_SUPPORTED);  // Damaged beyond what more damage could show.
  if (kind == VDSC_FK_FLIPPED_BYTES) {
    // Another place for each fault: the same bits flipped twice would be a repair.
    const size_t first = faultNumber % (size - 3);
    return overwrite(cache, record, first, first + 4, [](uint8_t byte) { return byte ^ 0x5A; });
  }
  // As if power had failed half-way: what was not written reads as an erased block does.
  if (kind == VDSC_FK_TORN_WRITE) return overwrite(cache, record, size / 2, size, [](uint8_t) { return 0xFF; });

  if (kind == VDSC_FK_LOST_ENTRY) {
    image.erase(record.key);
  } else if (kind == VDSC_FK_DANGLING_REFERENCE) {
    image.set(record.key, dangling(image, record.key));
  } else {
    const Bytes* earlier = cache.earlier(record.key);
    if (!earlier) fail(VDS_E_NOT_SUPPORTED);
    image.set(record.key, *earlier);
  }
  cache.write(image);
  return {inCache(cache, record.offset), record.payload, payloadOf(cache, record.key)};
}

/** The device that a caller names; nothing when the array has none. */
std::optional<Key> locate(System& system, const GUID& id) {
  for (SubSystemRecord& subSystem : system.subSystems) {
    if (subSystem.facts.id == id) return Key{Kind::subSystem, id};
    if (subSystem.lun(id)) return Key{Kind::lun, id};
    if (subSystem.target(id)) return Key{Kind::target, id};
  }
  return std::nullopt;
}

/** Removes the device from the array. Returns what the array held of it. */
Bytes removeDevice(System& system, const GUID& id) {
  Bytes removed;
  const auto remove = [&](auto& records, const auto& idOf) {
    const auto found = std::find_if(records.begin(), records.end(), [&](const auto& record) { return idOf(record) == id; });
    if (found == records.end()) return;
    removed = toBytes(*found);
    records.erase(found);
  };
  const auto own = [](const auto& record) -> const GUID& { return record.id; };
  for (SubSystemRecord& subSystem : system.subSystems) {
    remove(subSystem.luns, own);
    remove(subSystem.targets, own);
  }
  remove(system.subSystems, [](const SubSystemRecord& subSystem) -> const GUID& { return subSystem.facts.id; });
  return removed;
}

Change changeArray(const Array& array, VDSC_FAULT_KIND kind, const Key& key) {
  System system = array.read();
  if (kind == VDSC_FK_DELETE_OBJECT) {
    const Bytes before = removeDevice(system, key.id);
    array.write(system);
    System after = array.read();
    return {"array.bin", before, removeDevice(after, key.id)};
  }
  SubSystemRecord* subSystem = system.connected(key.id);
  if (!subSystem) fail(VDS_E_NOT_SUPPORTED);  // A LUN or target, or cut off already.
  const Bytes before = {subSystem->connected};
  subSystem->connected = 0;
  array.write(system);
  return {"array.bin, connected", before, {static_cast<uint8_t>(array.read().connected(key.id) != nullptr)}};
}

}  // namespace

HRESULT Provider::QueryFaults(ULONG* out) {
  if (!out) return E_INVALIDARG;
  *out = 0;
  for (int kind = VDSC_FK_FLIPPED_BYTES; kind <= VDSC_FK_DISCONNECT; ++kind) *out |= 1u << kind;
  return S_OK;
}

HRESULT Provider::Inject(VDSC_FAULT_KIND kind, VDS_OBJECT_ID id, BOOL notify, ULONG* faultId, LPWSTR* proof) {
  if (faultId) *faultId = 0;
  if (proof) *proof = nullptr;
  if (!faultId || !proof) return E_INVALIDARG;
  return answer([&] {
    Call call(*this, Call::Needs::nothing);
    const char* name = nameOf(kind);
    System system = array().read();
    const std::optional<Key> device = locate(system, id);
    const std::vector<CacheRecord>& records = call.cache.records();
    const auto record = std::find_if(records.begin(), records.end(), [&id](const CacheRecord& r) { return r.key.kind != Kind::directory && r.key.id == id; });
    if (!device && record == records.end()) fail(VDS_E_OBJECT_NOT_FOUND);

    Change change;
    if (kind == VDSC_FK_DELETE_OBJECT || kind == VDSC_FK_DISCONNECT) {
      if (!device) fail(VDS_E_OBJECT_NOT_FOUND);
      change = changeArray(array(), kind, *device);
      if (notify) {
        call.forget(*device);
        call.save();
      }
    } else {
      if (!isLoaded()) fail(VDS_E_INITIALIZE_NOT_CALLED);
      if (record == records.end()) fail(VDS_E_NOT_SUPPORTED);  // Its entry is lost already.
      change = damage(*cache_, call.cache, kind, *record, state_->faults.size());
    }
    OutText text = outText(wide(proofOf(name, id, change)));
    state_->faults.push_back({kind, id});
    *faultId = static_cast<ULONG>(state_->faults.size());
    *proof = text.release();
    return S_OK;
  });
}

HRESULT Provider::Heal(ULONG faultId) {
  return answer([&] {
    const Call call(*this, Call::Needs::nothing);
    if (faultId == 0 || faultId > state_->faults.size()) fail(VDS_E_OBJECT_NOT_FOUND);
    Fault& fault = state_->faults[faultId - 1];
    // The other kinds struck once: there is nothing to end, and repairing the cache is what the provider has to prove. And each fault is
    // healed once: a second time must not undo a later one.
    if (fault.kind == VDSC_FK_DISCONNECT && !fault.healed) {
      System system = array().read();
      for (SubSystemRecord& subSystem : system.subSystems)
        if (subSystem.facts.id == fault.object) subSystem.connected = 1;
      array().write(system);
    }
    fault.healed = true;
    return S_OK;
  });
}

HRESULT Provider::ReadTruth(LPWSTR* out) {
  if (!out) return E_INVALIDARG;
  *out = nullptr;
  return answer([&] {
    const Call call(*this, Call::Needs::nothing);
    System system = array().read();
    std::vector<SubSystemRecord>& all = system.subSystems;
    all.erase(std::remove_if(all.begin(), all.end(), [](const SubSystemRecord& s) { return !s.connected; }), all.end());
    *out = outText(wide("{\"subSystems\":" + listToJson(all) + '}')).release();
    return S_OK;
  });
}

}  // namespace vdsc

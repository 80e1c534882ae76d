// How a provider's knowledge is brought up to date with the array: by loading, Reenumerate, Refresh, and by what the
// array tells of single devices. It works on copies, so that a call that fails has changed nothing; Call::adopt puts
// what comes out in place.
#pragma once

#include "cache/cache.h"
#include "cache/news.h"

namespace vdsc {

class Learning {
 public:
  Learning(System& truth, CacheImage image, Known knownBefore)
      : cache(std::move(image)), known(std::move(knownBefore)), array_(truth) {}

  /** Everything that is there, into an empty cache. */
  void load();
  /** Which subsystems are there. Entries of those known before stay as they are. */
  void reenumerate();
  /** Learns the contents of the known subsystems: every entry is written anew. */
  void refresh();
  /**
   * The array tells that something happened to these devices: what is gone is forgotten, what is new learnt, what
   * differs written, and so on with what they list and listed.
   */
  void update(const Ids& ids);
  /** A device is gone: its entry goes too, and nothing lists it any more. */
  void depart(const GUID& id);

  CacheImage cache;
  Known known;
  News news;
  /** The devices that were known and are gone. */
  Ids gone;

 private:
  void follow(Ids ids, size_t told);
  Ids visit(const GUID& id, bool itself);
  Ids takeIn(const Found& found);
  Ids takeInHeld(const Found& found);
  Ids renew(const Found& found, bool itself);
  Ids letGo(const GUID& id);
  void reload(SubSystemRecord& subSystem);
  void forget(const GUID& id);
  Ids objectsIn(const GUID& holder) const;
  /** All that a device holds, also at second hand; holders before what they hold. */
  Ids heldObjects(const GUID& holder) const;
  Ids subSystems() const;
  GUID subSystemOf(const GUID& id) const;
  void writeDirectory(Ids ids);
  Bytes entry(const Found& found) const;
  /** The entry's payload, if it is there and sound. */
  std::optional<Bytes> soundPayload(const GUID& id) const;
  Ids concernedBy(Kind kind, const Bytes& payload) const;
  void tellOfChange(const Found& found, const Bytes& before, const Bytes& after);

  System& array_;
};

}  // namespace vdsc

// What the advise sink is told: the notifications of one event, one for each device.
#pragma once

#include "array/array.h"

namespace vdsc {

enum class Change { arrive, depart, modify, remove };  // remove: it is there, but was taken out of use.

class News {
 public:
  /** That a device came or went says more than that it changed. What happens to a plex is told as a change of its LUN,
   * its parent. */
  void add(Kind kind, const GUID& id, const GUID& parent, Change change);
  struct Item {
    Kind kind;
    GUID id;
    Change change;
  };
  /** In the order in which the devices were first noticed. */
  const std::vector<Item>& items() const noexcept { return items_; }

 private:
  std::vector<Item> items_;
};

/** `id` is what callers know the device by. */
VDS_NOTIFICATION notificationOf(Kind kind, Change change, const GUID& id);

}  // namespace vdsc

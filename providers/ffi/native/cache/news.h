// The notifications of one event for the advise sink, one for each device.
#pragma once

#include "array/array.h"

namespace vdsc {

enum class Change { arrive, depart, modify, remove };  // remove: it is there, but was taken out of use.

class News {
 public:
  /** An arrival or departure replaces a modification. A change of a plex is reported as a change of its LUN,
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
/** Whether it tells of an event that came with Windows 7: those from VDS_NF_CONTROLLER_MODIFY on. */
bool isLaterEvent(const VDS_NOTIFICATION& notification) noexcept;

}  // namespace vdsc

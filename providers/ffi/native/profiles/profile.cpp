#include "profiles/profile.h"

#include <algorithm>
#include <iterator>

namespace vdsc {
namespace {

constexpr uint32_t operator|(Feature a, Feature b) noexcept {
  return static_cast<uint32_t>(a) | static_cast<uint32_t>(b);
}
constexpr uint32_t operator|(uint32_t a, Feature b) noexcept {
  return a | static_cast<uint32_t>(b);
}

constexpr ULONG kCapable = VDS_SF_LUN_PLEXING_CAPABLE | VDS_SF_DRIVE_EXTENT_CAPABLE |
                           VDS_SF_SUPPORTS_FAULT_TOLERANT_LUNS | VDS_SF_SUPPORTS_NON_FAULT_TOLERANT_LUNS |
                           VDS_SF_SUPPORTS_SIMPLE_LUNS | VDS_SF_SUPPORTS_SPAN_LUNS | VDS_SF_SUPPORTS_STRIPE_LUNS |
                           VDS_SF_SUPPORTS_MIRROR_LUNS;
constexpr ULONG kMasking = VDS_SF_LUN_MASKING_CAPABLE;
constexpr ULONG kChap = VDS_SF_SUPPORTS_AUTH_CHAP | VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP;
constexpr ULONG kVersion3 =
    VDS_SF_SUPPORTS_PARITY_LUNS | VDS_SF_SUPPORTS_LUN_NUMBER | VDS_SF_SUPPORTS_SIMPLE_TARGET_CONFIG;

// The files of arrays hold the places of these.
constexpr Profile kProfiles[] = {
    {"iscsi", Feature::later | Feature::iscsi, VDS_HWT_ISCSI, VDSBusTypeiScsi, kCapable | kMasking | kChap, 0,
     VDS_ITF_ISCSI},
    {"fibre-channel", Feature::later | Feature::multipath, VDS_HWT_FIBRE_CHANNEL, VDSBusTypeFibre, kCapable | kMasking,
     0, VDS_ITF_FIBRE_CHANNEL},
    {"pools", Feature::later | Feature::iscsi | Feature::pools, VDS_HWT_ISCSI, VDSBusTypeiScsi,
     kCapable | kMasking | kVersion3, VDS_SF_SUPPORTS_RAID5_LUNS, VDS_ITF_ISCSI},
    {"legacy", 0, VDS_HWT_ISCSI, VDSBusTypeiScsi, kCapable, 0, VDS_ITF_ISCSI},
};

/** The interfaces that only arrays with a feature have. */
constexpr std::pair<const IID*, Feature> kOptional[] = {
    {&IID_IVdsProviderSupport, Feature::later},
    {&IID_IVdsHwProviderType, Feature::later},
    {&IID_IVdsSubSystem2, Feature::later},
    {&IID_IVdsSubSystemNaming, Feature::later},
    {&IID_IVdsSubSystemInterconnect, Feature::later},
    {&IID_IVdsLunNaming, Feature::later},
    {&IID_IVdsSubSystemIscsi, Feature::iscsi},
    {&IID_IVdsSubSystemImportTarget, Feature::iscsi},
    {&IID_IVdsLunIscsi, Feature::iscsi},
    {&IID_IVdsHwProviderPrivateMpio, Feature::multipath},
    {&IID_IVdsControllerControllerPort, Feature::multipath},
    {&IID_IVdsLunControllerPorts, Feature::multipath},
    {&IID_IVdsLunMpio, Feature::multipath},
    {&IID_IVdsHwProviderType2, Feature::pools},
    {&IID_IVdsHwProviderStoragePools, Feature::pools},
    {&IID_IVdsMaintenance, Feature::pools},
    {&IID_IVdsDrive2, Feature::pools},
    {&IID_IVdsLun2, Feature::pools},
    {&IID_IVdsLunNumber, Feature::pools},
};

}  // namespace

bool Profile::offers(REFIID iid) const noexcept {
  const auto optional = std::find_if(std::begin(kOptional), std::end(kOptional),
                                     [&iid](const auto& entry) { return *entry.first == iid; });
  return optional == std::end(kOptional) || has(optional->second);
}

const Profile& profileOf(ProfileNumber number) {
  if (number >= std::size(kProfiles)) fail(fromSystemError(kErrorCrc));
  return kProfiles[number];
}

ProfileNumber profileNamed(std::string_view name) {
  const auto found =
      std::find_if(std::begin(kProfiles), std::end(kProfiles), [name](const Profile& p) { return p.name == name; });
  if (found == std::end(kProfiles)) fail(E_INVALIDARG);
  return static_cast<ProfileNumber>(found - std::begin(kProfiles));
}

}  // namespace vdsc

// The class id by which a host asks DllGetClassObject for the provider. Its only definition: scripts/build-native.mjs
// reads it from here.
#pragma once

namespace vdsc {
inline constexpr char kClassId[] = "3adb2cc5-b1cf-41ae-8f42-225006014632";
}

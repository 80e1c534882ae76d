// Turns the contract into the C++ header that a native provider compiles against. Filled in with the native provider.
export function cppHeader() {
  return '';
}

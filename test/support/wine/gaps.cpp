// Gaps of Wine 8 in the Windows that the command line and a provider run on, as the DLL bcryptprimitives.dll: the
// function by which vitest's bundler gets random numbers, and exceptions on a stack that is not the thread's own.
// Nothing of it is needed on Windows.
#include <windows.h>

#include <ntsecapi.h>

extern "C" __declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
  return RtlGenRandom(data, static_cast<ULONG>(size));
}

namespace {

void* allocationOf(const void* address) {
  MEMORY_BASIC_INFORMATION found{};
  VirtualQuery(address, &found, sizeof found);
  return found.AllocationBase;
}

/**
 * koffi runs a provider on a stack of its own. Wine keeps a list of frames of its own on the thread's stack, and calls
 * the handlers of those that have lower addresses than the frame that it looks at: on another stack that may be the one
 * which ends the process as crashed, before the provider's `catch` is looked for. None of the list lies within a frame
 * of another stack, so there it is emptied.
 */
LONG WINAPI forgetOuterFrames(EXCEPTION_POINTERS* raised) {
  auto*& list = reinterpret_cast<NT_TIB*>(NtCurrentTeb())->ExceptionList;
  if (allocationOf(list) != allocationOf(reinterpret_cast<void*>(raised->ContextRecord->Rsp)))
    list = reinterpret_cast<_EXCEPTION_REGISTRATION_RECORD*>(-1);
  return EXCEPTION_CONTINUE_SEARCH;
}

/** Windows ends a process that crashed with the exception as its exit code; Wine would start a debugger first. */
LONG WINAPI endAsWindowsDoes(EXCEPTION_POINTERS* raised) {
  TerminateProcess(GetCurrentProcess(), raised->ExceptionRecord->ExceptionCode);
  return EXCEPTION_EXECUTE_HANDLER;
}

}  // namespace

/** Called in every process that may load a provider. */
extern "C" __declspec(dllexport) void WINAPI mindExceptions() {
  // The handlers must stay when whoever called this unloads the library.
  HMODULE self = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                     reinterpret_cast<LPCWSTR>(&mindExceptions), &self);
  AddVectoredExceptionHandler(1, forgetOuterFrames);
  SetUnhandledExceptionFilter(endAsWindowsDoes);
}

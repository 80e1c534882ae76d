// An administrator at the array: a program of its own that looks at the array of the native reference provider and
// changes it behind that provider's back, as a vendor's array tool does. It knows array.bin and neither COM, nor the
// provider, nor its cache. It has no lock in common with a provider: a change that falls into the middle of one of the
// provider's own may be lost, which shows in what `list` tells afterwards.
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "array/space.h"
#include "array/truth.h"

using namespace vdsc;

namespace {

constexpr uint64_t kImportedSize = uint64_t{64} << 20;
constexpr int kRefused = 1, kUsage = 2;

const char kHelp[] =
    "arrayadmin [--state <folder>] <command>\n"
    "  list                  what the array holds, as JSON\n"
    "  delete <type> <id>    deletes a lun, target, portal-group, plex, drive, controller, portal, storage-pool or "
    "subsystem\n"
    "  import <subsystem>    imports a LUN of a shadow-copy set, and prints its id as JSON\n"
    "  rename <id> <name>    gives a device another friendly name\n"
    "  pull <id>             pulls a drive, or a subsystem's cable\n"
    "  plug <id>             puts it back\n"
    "The folder is the one that the provider has as VDSC_NATIVE_STATE, which also stands in for --state.\n";

/** Ends the program with a message for people. */
[[noreturn]] void stop(int exitCode, const std::string& problem) {
  std::fprintf(stderr, "arrayadmin: %s\n", problem.c_str());
  std::exit(exitCode);
}
[[noreturn]] void usage(const std::string& problem) {
  stop(kUsage, problem + "\n" + kHelp);
}

const char* nameOf(Kind kind) {
  switch (kind) {
    case Kind::subSystem:
      return "subsystem";
    case Kind::lun:
      return "lun";
    case Kind::plex:
      return "plex";
    case Kind::drive:
      return "drive";
    case Kind::controller:
      return "controller";
    case Kind::portal:
      return "portal";
    case Kind::target:
      return "target";
    case Kind::portalGroup:
      return "portal-group";
    case Kind::port:
      return "port";
    case Kind::storagePool:
      return "storage-pool";
    case Kind::directory:
      break;
  }
  return "";
}

GUID guidOf(const std::string& text) {
  const std::optional<GUID> id = parseGuid(wide(text));
  if (!id) usage(text + " is not an id");
  return *id;
}

Found deviceOf(System& system, const std::string& text) {
  const std::optional<Found> found = system.findAny(guidOf(text));
  if (!found) stop(kRefused, "the array has no device " + text);
  return *found;
}

void remove(System& system, const std::string& type, const std::string& id) {
  const Found found = deviceOf(system, id);
  if (found.kind == Kind::port) stop(kRefused, "a port goes with its controller");
  if (type != nameOf(found.kind)) stop(kRefused, id + " is a " + nameOf(found.kind) + " and no " + type);
  system.remove(found.id);
  std::printf("deleted %s %s\n", type.c_str(), id.c_str());
}

void importLun(System& system, const std::string& id) {
  const Found found = deviceOf(system, id);
  if (found.kind != Kind::subSystem || !found.subSystem->connected)
    stop(kRefused, id + " is not a connected subsystem");
  SubSystemRecord& owner = *found.subSystem;
  if (largestLun(owner, {}, VDS_LT_NON_FAULT_TOLERANT, nullptr) < kImportedSize)
    stop(kRefused, "the subsystem has no room for another LUN");
  LunRecord lun = system.newLun(owner, wide("Imported LUN"));
  lun.id = newGuid();
  lun.identification = wide("VDSC-LUN-" + guidDigits(lun.id));
  place(lun, layOut(owner, {}, VDS_LT_NON_FAULT_TOLERANT, kImportedSize, nullptr, kStripeSize));
  for (const TargetRecord& target : owner.targets)
    if (target.iscsiName == owner.facts.importTarget) lun.targets = {target.id};
  std::printf("{\"newObject\": \"%s\"}\n", guidText(lun.id).c_str());
  owner.luns.push_back(std::move(lun));
}

void rename(System& system, const std::string& id, const std::string& name) {
  for (const char c : name)
    if (c < 0x20 || c > 0x7E) usage("a name is of printable ASCII");
  const Found found = deviceOf(system, id);
  switch (found.kind) {
    case Kind::subSystem:
      found.subSystem->facts.friendlyName = wide(name);
      break;
    case Kind::lun:
      found.lun->friendlyName = wide(name);
      break;
    case Kind::drive:
      found.drive->friendlyName = wide(name);
      break;
    case Kind::controller:
      found.controller->friendlyName = wide(name);
      break;
    case Kind::port:
      found.port->friendlyName = wide(name);
      break;
    case Kind::target:
      found.target->friendlyName = wide(name);
      break;
    default:
      stop(kRefused, std::string("a ") + nameOf(found.kind) + " has no friendly name");
  }
  std::printf("renamed %s %s\n", nameOf(found.kind), id.c_str());
}

void connect(System& system, const std::string& id, bool isOn) {
  const Found found = deviceOf(system, id);
  if (found.kind != Kind::subSystem && found.kind != Kind::drive)
    stop(kRefused, std::string("a ") + nameOf(found.kind) + " cannot be pulled");
  (found.kind == Kind::drive ? found.drive->present : found.subSystem->connected) = isOn;
  std::printf("%s %s %s\n", isOn ? "plugged" : "pulled", nameOf(found.kind), id.c_str());
}

struct Command {
  const char* name;
  size_t arguments;
  std::function<void(System&, const std::vector<std::string>&)> run;
};

const Command kChanges[] = {
    {"delete", 2, [](System& system, const auto& args) { remove(system, args[0], args[1]); }},
    {"import", 1, [](System& system, const auto& args) { importLun(system, args[0]); }},
    {"rename", 2, [](System& system, const auto& args) { rename(system, args[0], args[1]); }},
    {"pull", 1, [](System& system, const auto& args) { connect(system, args[0], false); }},
    {"plug", 1, [](System& system, const auto& args) { connect(system, args[0], true); }},
};

int run(std::vector<std::string> args) {
  const char* configured = std::getenv("VDSC_NATIVE_STATE");
  std::string folder = configured ? configured : "";
  if (args.size() >= 2 && args[0] == "--state") {
    folder = args[1];
    args.erase(args.begin(), args.begin() + 2);
  }
  if (args.empty()) usage("no command was given");
  const std::string name = args[0];
  args.erase(args.begin());
  if (folder.empty()) usage("neither --state nor VDSC_NATIVE_STATE names the folder");
  const std::filesystem::path file = std::filesystem::u8path(folder) / "array.bin";
  // Where there is none, reading would make a new one, which is the provider's to do.
  if (!std::filesystem::exists(file))
    stop(kRefused, "there is no array in " + folder + ": " + file.u8string() + " does not exist");
  const Array array(file);
  System system = array.read();
  if (name == "list" && args.empty()) {
    std::printf("%s\n", truthOf(system).c_str());
    return 0;
  }
  for (const Command& command : kChanges) {
    if (name != command.name || args.size() != command.arguments) continue;
    command.run(system, args);
    array.write(system);
    return 0;
  }
  usage("no such command, or not its arguments: " + name);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const Failure& failure) {
    char code[16];
    std::snprintf(code, sizeof code, "0x%08X", static_cast<unsigned>(failure.code));
    stop(kRefused, std::string("the array answered ") + code);
  } catch (const std::exception& error) {
    stop(kRefused, error.what());
  }
}

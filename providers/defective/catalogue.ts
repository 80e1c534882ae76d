// The defective providers by name.
import type { Defect } from './defect.js';
import { ANNOUNCEMENTS } from './defects/announcements.js';
import { ARGUMENTS } from './defects/arguments.js';
import { ARRAY_EVENTS } from './defects/array-events.js';
import { ARRAY_MEANWHILE } from './defects/array-meanwhile.js';
import { ASYNC } from './defects/async.js';
import { BESIDE } from './defects/beside.js';
import { BESIDE_DAMAGE } from './defects/beside-damage.js';
import { CIRCUMSTANCES } from './defects/circumstances.js';
import { COME_AND_GO } from './defects/come-and-go.js';
import { COME_AND_GO_DAMAGED } from './defects/come-and-go-damaged.js';
import { CONTROLLERS } from './defects/controllers.js';
import { CREATION } from './defects/creation.js';
import { DELETION } from './defects/deletion.js';
import { DRIVES } from './defects/drives.js';
import { ENUMERATION } from './defects/enumeration.js';
import { IDENTITY } from './defects/identity.js';
import { IMPORT_TARGET } from './defects/import-target.js';
import { IMPORT_TARGET_LASTING } from './defects/import-target-lasting.js';
import { IMPORTED_LUNS } from './defects/imported-luns.js';
import { INTERPLAY } from './defects/interplay.js';
import { ISCSI } from './defects/iscsi.js';
import { LAYOUT } from './defects/layout.js';
import { LIFECYCLE } from './defects/lifecycle.js';
import { LUN_OBJECTS } from './defects/lun-objects.js';
import { LUNS } from './defects/luns.js';
import { MAINTENANCE } from './defects/maintenance.js';
import { MASKING } from './defects/masking.js';
import { MEMORY } from './defects/memory.js';
import { MULTIPATH } from './defects/multipath.js';
import { NOTIFICATIONS } from './defects/notifications.js';
import { OBSERVATION } from './defects/observation.js';
import { HELD_OPERATIONS } from './defects/held-operations.js';
import { OPERATIONS } from './defects/operations.js';
import { PLEXES } from './defects/plexes.js';
import { PORTAL_GROUPS } from './defects/portal-groups.js';
import { POOLS } from './defects/pools.js';
import { PORTS } from './defects/ports.js';
import { KEPT_BACK } from './defects/kept-back.js';
import { COMPANY } from './defects/company.js';
import { MEETINGS } from './defects/meetings.js';
import { PROMISES } from './defects/promises.js';
import { PROPERTIES } from './defects/properties.js';
import { PROVIDER_OBJECT } from './defects/provider-object.js';
import { PROVIDER_PHASES } from './defects/provider-phases.js';
import { QUERIES } from './defects/queries.js';
import { RECOVERY } from './defects/recovery.js';
import { RELATED_STATES } from './defects/related-states.js';
import { REPAIRS } from './defects/repairs.js';
import { RECOVERY_NEIGHBOURS } from './defects/recovery-neighbours.js';
import { RECOVERY_SHAPES } from './defects/recovery-shapes.js';
import { RESIZING } from './defects/resizing.js';
import { SECOND_SUB_SYSTEM } from './defects/second-subsystem.js';
import { SECOND_VERSIONS } from './defects/second-versions.js';
import { SECRETS } from './defects/secrets.js';
import { SET_ASIDE } from './defects/set-aside.js';
import { STATES } from './defects/states.js';
import { SUB_SYSTEM } from './defects/subsystem.js';
import { TROUBLE } from './defects/trouble.js';
import { VALUES } from './defects/values.js';

/** All of them, by subject. */
export const DEFECTS: readonly Defect[] = [
  ...RECOVERY,
  ...RELATED_STATES,
  ...REPAIRS,
  ...CIRCUMSTANCES,
  ...RECOVERY_NEIGHBOURS,
  ...COME_AND_GO,
  ...COME_AND_GO_DAMAGED,
  ...RECOVERY_SHAPES,
  ...DELETION,
  ...IMPORT_TARGET,
  ...IMPORT_TARGET_LASTING,
  ...IMPORTED_LUNS,
  ...IDENTITY,
  ...ENUMERATION,
  ...QUERIES,
  ...ASYNC,
  ...BESIDE,
  ...BESIDE_DAMAGE,
  ...OBSERVATION,
  ...OPERATIONS,
  ...HELD_OPERATIONS,
  ...SET_ASIDE,
  ...LUNS,
  ...ISCSI,
  ...PORTAL_GROUPS,
  ...SECRETS,
  ...LAYOUT,
  ...LIFECYCLE,
  ...PROVIDER_OBJECT,
  ...PROVIDER_PHASES,
  ...NOTIFICATIONS,
  ...ANNOUNCEMENTS,
  ...MEMORY,
  ...ARGUMENTS,
  ...ARRAY_EVENTS,
  ...ARRAY_MEANWHILE,
  ...TROUBLE,
  ...SUB_SYSTEM,
  ...DRIVES,
  ...CONTROLLERS,
  ...CREATION,
  ...LUN_OBJECTS,
  ...RESIZING,
  ...PLEXES,
  ...MASKING,
  ...POOLS,
  ...PORTS,
  ...MULTIPATH,
  ...MAINTENANCE,
  ...SECOND_SUB_SYSTEM,
  ...SECOND_VERSIONS,
  ...KEPT_BACK,
  ...MEETINGS,
  ...COMPANY,
  ...PROMISES,
  ...PROPERTIES,
  ...STATES,
  ...INTERPLAY,
  ...VALUES,
];

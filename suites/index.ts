// All suites, in the order in which a run takes them. Nothing else decides which there are.
import type { Suite } from '../src/checks/index.js';
import { suite as args } from './arguments.js';
import { suite as arrayEvents } from './array-events.js';
import { suite as async } from './async.js';
import { suite as consistency } from './consistency.js';
import { suite as controllers } from './controllers.js';
import { suite as creation } from './creation.js';
import { suite as deletion } from './deletion.js';
import { suite as drives } from './drives.js';
import { suite as enumeration } from './enumeration.js';
import { suite as faults } from './faults.js';
import { suite as identity } from './identity.js';
import { suite as importTarget } from './import-target.js';
import { suite as interactions } from './interactions.js';
import { suite as iscsi } from './iscsi.js';
import { suite as lifecycle } from './lifecycle.js';
import { suite as luns } from './luns.js';
import { suite as maintenance } from './maintenance.js';
import { suite as masking } from './masking.js';
import { suite as memory } from './memory.js';
import { suite as multipath } from './multipath.js';
import { suite as notifications } from './notifications.js';
import { suite as plexes } from './plexes.js';
import { suite as pools } from './pools.js';
import { suite as ports } from './ports.js';
import { suite as properties } from './properties.js';
import { suite as recovery } from './recovery.js';
import { suite as resizing } from './resizing.js';
import { suite as stories } from './stories.js';
import { suite as subsystem } from './subsystem.js';
import { suite as transport } from './transport.js';

export const SUITES: readonly Suite[] = [
  args,
  arrayEvents,
  async,
  consistency,
  controllers,
  creation,
  deletion,
  drives,
  enumeration,
  faults,
  identity,
  importTarget,
  interactions,
  iscsi,
  lifecycle,
  luns,
  maintenance,
  masking,
  memory,
  multipath,
  notifications,
  plexes,
  pools,
  ports,
  properties,
  recovery,
  resizing,
  stories,
  subsystem,
  transport,
];

import { broadcast } from './broadcast.js';
import { burst } from './burst.js';
import { churn } from './churn.js';
import type { Workload } from './contract.js';
import { echo } from './echo.js';
import { idle } from './idle.js';
import type { WorkloadId } from './names.js';
import { overload } from './overload.js';
import { restart } from './restart.js';
import { slowReaders } from './slow-readers.js';
import { unicast } from './unicast.js';

/** Every workload by its id. Command-line choices, `list`, help and documentation follow from it. */
export const workloads = {
  broadcast,
  idle,
  burst,
  unicast,
  echo,
  churn,
  restart,
  'slow-readers': slowReaders,
  overload,
} as const satisfies Record<WorkloadId, Workload>;

/** A workload by its id, as the whole contract. */
export function workloadById(id: WorkloadId): Workload {
  return workloads[id];
}

/**
 * The costs that no broker can avoid, whatever its design: the least that its calls to AWS cost.
 */
import { meanCallTime } from "../storm/call-times.ts";
import type { Usage } from "./usage.ts";

/** Lambda's smallest function, in GB. */
const LEAST_GIGABYTES = 0.125;
const seconds = (calls: {
  readonly invocation: number;
  readonly aws: number;
  readonly table: number;
}) =>
  (calls.invocation * meanCallTime("invocation") +
    calls.aws * meanCallTime("aws") +
    calls.table * meanCallTime("table")) /
  1_000;

/**
 * Two people call: one asks, one approves. Two runs change the cluster: by create and associate, and by delete and a
 * read that proves the end. Four steps are stored, each with its record of audit. A schedule starts the end.
 */
export const LEAST_GRANT: Usage = {
  apiRequests: 2,
  invocations: 4,
  gigabyteSeconds: LEAST_GIGABYTES * seconds({ invocation: 4, aws: 4, table: 8 }),
  writeUnits: 8,
  readUnits: 4,
  scheduleInvocations: 1,
};

const SWEEPS = 730 * 60;

/** Something looks every minute for ends that were missed, by one read. A key seals the record. */
export const LEAST_MONTH: Usage = {
  invocations: SWEEPS,
  gigabyteSeconds: LEAST_GIGABYTES * SWEEPS * seconds({ invocation: 1, aws: 0, table: 1 }),
  readUnits: SWEEPS / 2,
  keys: 1,
};

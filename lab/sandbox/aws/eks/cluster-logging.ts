/** The logs of a cluster's control plane: which types are written. Only the audit log has any lines here. */
import { invalidParameter } from "./errors.ts";
import { flag, type Input, required, texts } from "./input.ts";
import { refuseOthers } from "./refuse-others.ts";
import type { Cluster } from "./state.ts";

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_LogSetup.html */
const TYPES: readonly string[] = [
  "api",
  "audit",
  "authenticator",
  "controllerManager",
  "scheduler",
];

const logTypesOf = ({ logTypes = ["audit"] }: Pick<Cluster, "logTypes">) => logTypes;

/** As DescribeCluster shows them. */
export function loggingShape(cluster: Pick<Cluster, "logTypes">) {
  const enabled = logTypesOf(cluster);
  return {
    clusterLogging: [
      { types: TYPES.filter((type) => enabled.includes(type)), enabled: true },
      { types: TYPES.filter((type) => !enabled.includes(type)), enabled: false },
    ],
  };
}

/** Types to switch on or off. */
export interface LogSetup {
  readonly types: readonly string[];
  readonly enabled: boolean;
}

/** @throws AwsError InvalidParameterException for an unknown type, and for what is not emulated */
export function logSetups(logging: Input): readonly LogSetup[] {
  refuseOthers("UpdateClusterConfig's logging", logging, ["clusterLogging"]);
  const setups = logging["clusterLogging"];
  if (!Array.isArray(setups) || setups.length === 0)
    throw invalidParameter("clusterLogging is required");
  return setups.map((setup: Input) => {
    refuseOthers("UpdateClusterConfig's clusterLogging", setup, ["types", "enabled"]);
    const types = required(texts(setup, "types"), "types");
    const enabled = required(flag(setup, "enabled"), "enabled");
    const unknown = types.find((type) => !TYPES.includes(type));
    if (unknown !== undefined) throw invalidParameter(`Unknown log type ${unknown}`);
    if (!enabled && types.includes("audit"))
      throw invalidParameter("The sandbox does not emulate a cluster without its audit log.");
    return { types, enabled };
  });
}

/** @throws AwsError InvalidParameterException where nothing changes; EKS's own text */
export function changedLogTypes(
  cluster: Pick<Cluster, "logTypes">,
  setups: readonly LogSetup[],
): readonly string[] {
  const before = logTypesOf(cluster);
  const after = TYPES.filter((type) => {
    const last = setups.findLast(({ types }) => types.includes(type));
    return last ? last.enabled : before.includes(type);
  });
  if (after.join() === TYPES.filter((type) => before.includes(type)).join())
    throw invalidParameter("No changes needed for the logging config provided");
  return after;
}

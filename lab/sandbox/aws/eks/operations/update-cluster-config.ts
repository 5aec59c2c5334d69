import type { Operation } from "../../service.ts";
import { authenticationMode, requireModeStep } from "../authentication-mode.ts";
import { changedLogTypes, logSetups } from "../cluster-logging.ts";
import type { EksDependencies } from "../dependencies.ts";
import { digestUuid } from "../digest.ts";
import { clusterBusy, invalidParameter, tokenReused, updateInProgress } from "../errors.ts";
import { requireCluster } from "../find.ts";
import { type Input, required, structure, text } from "../input.ts";
import { askOnCluster, context } from "../permissions.ts";
import { refuseOthers } from "../refuse-others.ts";
import { settledState } from "../settle.ts";
import type { Cluster, ClusterUpdate, EksState } from "../state.ts";
import { updateShape } from "../wire.ts";

/**
 * UpdateClusterConfig, only for the authentication mode or the types of logs. The cluster is UPDATING and stays as it is
 * until the update completes, `updateSeconds` later. Another update meanwhile is refused. Nobody says whether access
 * entries change meanwhile; here they do.
 */
export function updateClusterConfig({ eks, updateSeconds }: EksDependencies): Operation {
  return {
    permissions: (input) => updateChecks(eks.state, read(input)),
    run: (call) => {
      const { name, clientRequestToken, ...wanted } = read(call.input);
      settledState(eks, call.now);
      return eks.change((state) => {
        const cluster = requireCluster(state, name);
        const updates = Object.values(cluster.updates);
        const repeated = updates.find(
          (update) =>
            clientRequestToken !== undefined && update.clientRequestToken === clientRequestToken,
        );
        if (repeated !== undefined) {
          if (repeated.authenticationMode !== wanted.mode) throw tokenReused();
          return { update: updateShape(repeated) };
        }
        const running = updates.find((update) => update.status === "InProgress");
        if (running !== undefined) throw updateInProgress(name, running.id);
        if (cluster.status !== "ACTIVE") throw clusterBusy(name, cluster.status);
        const update: ClusterUpdate = {
          ...changeOf(cluster, wanted),
          id: digestUuid(cluster.arn, cluster.createdAt, updates.length),
          status: "InProgress",
          createdAt: call.now.toISOString(),
          completesAt: new Date(call.now.getTime() + updateSeconds * 1000).toISOString(),
          ...(clientRequestToken === undefined ? {} : { clientRequestToken }),
        };
        cluster.updates[update.id] = update;
        cluster.status = "UPDATING";
        return { update: updateShape(update) };
      });
    },
  };
}

/** @throws AwsError InvalidParameterException for a step that there is not, or where nothing changes */
function changeOf(cluster: Cluster, { mode, logs }: Pick<Wanted, "mode" | "logs">) {
  if (mode !== undefined) {
    requireModeStep(cluster.authenticationMode, mode);
    const params = [{ type: "AuthenticationMode", value: mode }];
    return { type: "AccessConfigUpdate", params, authenticationMode: mode };
  }
  const logTypes = changedLogTypes(cluster, logs);
  const value = JSON.stringify({ clusterLogging: logs });
  return { type: "LoggingUpdate", params: [{ type: "ClusterLogging", value }], logTypes };
}

/** The permissions that the caller needs. */
const updateChecks = (state: EksState, { name, mode }: Wanted) => [
  askOnCluster(
    "eks:UpdateClusterConfig",
    state,
    name,
    context(mode === undefined ? {} : { "eks:authenticationMode": mode }),
  ),
];

type Wanted = ReturnType<typeof read>;

function read(input: Input) {
  const members = ["name", "accessConfig", "logging", "clientRequestToken"];
  refuseOthers("UpdateClusterConfig", input, members);
  const logging = structure(input, "logging");
  const access = structure(input, "accessConfig") ?? {};
  refuseOthers("UpdateClusterConfig's accessConfig", access, ["authenticationMode"]);
  const mode = authenticationMode(access);
  if (mode !== undefined && logging !== undefined)
    throw invalidParameter("Only one type of update can be allowed.");
  if (mode === undefined && logging === undefined)
    throw invalidParameter("accessConfig is required");
  return {
    name: required(text(input, "name"), "name"),
    mode,
    logs: logging === undefined ? [] : logSetups(logging),
    clientRequestToken: text(input, "clientRequestToken"),
  };
}

import type { Operation } from "../../service.ts";
import { authenticationMode, requireModeStep } from "../authentication-mode.ts";
import type { EksDependencies } from "../dependencies.ts";
import { digestUuid } from "../digest.ts";
import { clusterBusy, tokenReused, updateInProgress } from "../errors.ts";
import { requireCluster } from "../find.ts";
import { type Input, required, structure, text } from "../input.ts";
import { askOnCluster, context } from "../permissions.ts";
import { refuseOthers } from "../refuse-others.ts";
import { settledState } from "../settle.ts";
import type { ClusterUpdate, EksState } from "../state.ts";
import { updateShape } from "../wire.ts";

/**
 * UpdateClusterConfig, only for the authentication mode. The cluster is UPDATING and keeps its mode
 * until the update completes, `updateSeconds` later. Another update meanwhile is refused.
 */
export function updateClusterConfig({ eks, updateSeconds }: EksDependencies): Operation {
  return {
    permissions: (input) => updateChecks(eks.state, read(input)),
    run: (call) => {
      const { name, mode, clientRequestToken } = read(call.input);
      settledState(eks, call.now);
      return eks.change((state) => {
        const cluster = requireCluster(state, name);
        const updates = Object.values(cluster.updates);
        const repeated = updates.find(
          (update) =>
            clientRequestToken !== undefined && update.clientRequestToken === clientRequestToken,
        );
        if (repeated !== undefined) {
          if (repeated.authenticationMode !== mode) throw tokenReused();
          return { update: updateShape(repeated) };
        }
        const running = updates.find((update) => update.status === "InProgress");
        if (running !== undefined) throw updateInProgress(name, running.id);
        if (cluster.status !== "ACTIVE") throw clusterBusy(name, cluster.status);
        requireModeStep(cluster.authenticationMode, mode);

        const update: ClusterUpdate = {
          id: digestUuid(cluster.arn, cluster.createdAt, updates.length),
          status: "InProgress",
          type: "AccessConfigUpdate",
          params: [{ type: "AuthenticationMode", value: mode }],
          createdAt: call.now.toISOString(),
          completesAt: new Date(call.now.getTime() + updateSeconds * 1000).toISOString(),
          authenticationMode: mode,
          ...(clientRequestToken === undefined ? {} : { clientRequestToken }),
        };
        cluster.updates[update.id] = update;
        cluster.status = "UPDATING";
        return { update: updateShape(update) };
      });
    },
  };
}

/** The permissions that the caller needs. */
const updateChecks = (state: EksState, { name, mode }: ReturnType<typeof read>) => [
  askOnCluster("eks:UpdateClusterConfig", state, name, context({ "eks:authenticationMode": mode })),
];

function read(input: Input) {
  refuseOthers("UpdateClusterConfig", input, ["name", "accessConfig", "clientRequestToken"]);
  const access = required(structure(input, "accessConfig"), "accessConfig");
  refuseOthers("UpdateClusterConfig's accessConfig", access, ["authenticationMode"]);
  return {
    name: required(text(input, "name"), "name"),
    mode: required(authenticationMode(access), "authenticationMode"),
    clientRequestToken: text(input, "clientRequestToken"),
  };
}

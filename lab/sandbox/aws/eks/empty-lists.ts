import type { Operation, RestRoute } from "../service.ts";
import type { EksDependencies } from "./dependencies.ts";
import { requireCluster } from "./find.ts";
import { type Input, required, text } from "./input.ts";
import { page } from "./paging.ts";
import { askOnCluster } from "./permissions.ts";
import { refuseOthers } from "./refuse-others.ts";
import { settledState } from "./settle.ts";

/**
 * Things that no cluster of the sandbox has, since nothing can create them. EKS lists them as empty
 * for such a cluster. By operation: the path below the cluster, and the list's name.
 */
const EMPTY: Readonly<Record<string, readonly [path: string, list: string]>> = {
  ListNodegroups: ["node-groups", "nodegroups"],
  ListFargateProfiles: ["fargate-profiles", "fargateProfileNames"],
  ListAddons: ["addons", "addons"],
  ListIdentityProviderConfigs: ["identity-provider-configs", "identityProviderConfigs"],
  ListPodIdentityAssociations: ["pod-identity-associations", "associations"],
};

export const EMPTY_LIST_ROUTES: readonly RestRoute[] = Object.entries(EMPTY).map(
  ([operation, [path]]) => ({
    method: "GET",
    path: `/clusters/{clusterName}/${path}`,
    operation,
    query: {
      maxResults: { member: "maxResults", type: "number" },
      nextToken: { member: "nextToken", type: "string" },
    },
  }),
);

function read(operation: string, input: Input): string {
  refuseOthers(operation, input, ["clusterName", "maxResults", "nextToken"]);
  return required(text(input, "clusterName"), "clusterName");
}

/** The operations; each still needs its permission and an existing cluster. */
export const emptyLists = ({ eks }: EksDependencies): Readonly<Record<string, Operation>> =>
  Object.fromEntries(
    Object.entries(EMPTY).map(([operation, [, list]]) => [
      operation,
      {
        permissions: (input) => [
          askOnCluster(`eks:${operation}`, eks.state, read(operation, input)),
        ],
        run: ({ input, now }) => {
          const { name } = requireCluster(settledState(eks, now), read(operation, input));
          const { items, nextToken } = page([operation, name], [], () => "", input);
          return { [list]: items, nextToken };
        },
      } satisfies Operation,
    ]),
  );

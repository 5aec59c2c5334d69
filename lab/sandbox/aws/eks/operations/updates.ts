import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { updateNotFound } from "../errors.ts";
import { requireCluster } from "../find.ts";
import { type Input, required, text } from "../input.ts";
import { ownValue } from "../own-value.ts";
import { page } from "../paging.ts";
import { askOnCluster } from "../permissions.ts";
import { refuseOthers } from "../refuse-others.ts";
import { settledState } from "../settle.ts";
import { updateShape } from "../wire.ts";

/** DescribeUpdate, of clusters: node groups, add-ons and capabilities do not exist here. */
export function describeUpdate({ eks }: EksDependencies): Operation {
  return {
    permissions: (input) => [askOnCluster("eks:DescribeUpdate", eks.state, read(input).name)],
    run: (call) => {
      const { name, updateId } = read(call.input);
      const cluster = requireCluster(settledState(eks, call.now), name);
      const update = ownValue(cluster.updates, updateId);
      if (update === undefined) throw updateNotFound(updateId);
      return { update: updateShape(update) };
    },
  };
}

function read(input: Input) {
  refuseOthers("DescribeUpdate", input, ["name", "updateId"]);
  return {
    name: required(text(input, "name"), "name"),
    updateId: required(text(input, "updateId"), "updateId"),
  };
}

/** ListUpdates, of clusters: the updates' ids. */
export function listUpdates({ eks }: EksDependencies): Operation {
  return {
    permissions: (input) => [askOnCluster("eks:ListUpdates", eks.state, listed(input))],
    run: (call) => {
      const name = listed(call.input);
      const { items, nextToken } = page(
        ["ListUpdates", name],
        Object.keys(requireCluster(settledState(eks, call.now), name).updates),
        (id) => id,
        call.input,
      );
      return { updateIds: items, nextToken };
    },
  };
}

function listed(input: Input): string {
  refuseOthers("ListUpdates", input, ["name", "nextToken", "maxResults"]);
  return required(text(input, "name"), "name");
}

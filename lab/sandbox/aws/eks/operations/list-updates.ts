import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { requireCluster } from "../find.ts";
import { type Input, required, text } from "../input.ts";
import { page } from "../paging.ts";
import { askOnCluster } from "../permissions.ts";
import { refuseOthers } from "../refuse-others.ts";
import { settledState } from "../settle.ts";

/** ListUpdates, of clusters: the updates' ids. */
export function listUpdates({ eks }: EksDependencies): Operation {
  return {
    permissions: (input) => [askOnCluster("eks:ListUpdates", eks.state, read(input))],
    run: (call) => {
      const name = read(call.input);
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

function read(input: Input): string {
  refuseOthers("ListUpdates", input, ["name", "nextToken", "maxResults"]);
  return required(text(input, "name"), "name");
}

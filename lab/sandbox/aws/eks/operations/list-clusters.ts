import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { notEmulated } from "../errors.ts";
import { texts } from "../input.ts";
import { page } from "../paging.ts";
import { settledState } from "../settle.ts";

/** ListClusters: names, ascending. Connected clusters (`include`) do not exist here. */
export function listClusters({ eks }: EksDependencies): Operation {
  return {
    permissions: () => [{ action: "eks:ListClusters", resource: "*" }],
    run: (call) => {
      if ((texts(call.input, "include") ?? []).length > 0) {
        throw notEmulated("the parameter include of ListClusters");
      }
      const { items, nextToken } = page(
        ["ListClusters"],
        Object.keys(settledState(eks, call.now).clusters),
        (name) => name,
        call.input,
      );
      return { clusters: items, nextToken };
    },
  };
}

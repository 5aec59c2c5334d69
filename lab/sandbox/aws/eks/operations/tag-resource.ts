import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { badRequest } from "../errors.ts";
import { type Input, required, textMap } from "../input.ts";
import { requestTags } from "../permissions.ts";
import { settledState } from "../settle.ts";
import { askOnTagged, requireTagged, resourceArn } from "../tagged-resource.ts";
import { tagProblem } from "../tags.ts";

/** TagResource, for clusters and access entries: adds tags, and replaces those of equal key. */
export function tagResource({ eks }: EksDependencies): Operation {
  return {
    permissions: (input) => [
      askOnTagged("eks:TagResource", eks.state, resourceArn(input), requestTags(tagsOf(input))),
    ],
    run: (call) => {
      const tags = tagsOf(call.input);
      settledState(eks, call.now);
      return eks.change((state) => {
        const holder = requireTagged(state, resourceArn(call.input));
        const all = { ...holder.tags, ...tags };
        const problem = tagProblem(all);
        if (problem !== undefined) throw badRequest(problem);
        holder.tags = all;
        return {};
      });
    },
  };
}

function tagsOf(input: Input): Readonly<Record<string, string>> {
  return required(textMap(input, "tags"), "tags", badRequest);
}

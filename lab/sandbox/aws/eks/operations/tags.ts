import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { badRequest } from "../errors.ts";
import { type Input, required, textMap, texts } from "../input.ts";
import { context, requestTags } from "../permissions.ts";
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

/** UntagResource: a key that is not there is no error. */
export function untagResource({ eks }: EksDependencies): Operation {
  return {
    permissions: (input) => [
      askOnTagged(
        "eks:UntagResource",
        eks.state,
        resourceArn(input),
        context({ "aws:TagKeys": keysOf(input) }),
      ),
    ],
    run: (call) => {
      const keys = keysOf(call.input);
      settledState(eks, call.now);
      return eks.change((state) => {
        const holder = requireTagged(state, resourceArn(call.input));
        holder.tags = Object.fromEntries(
          Object.entries(holder.tags).filter(([key]) => !keys.includes(key)),
        );
        return {};
      });
    },
  };
}

function keysOf(input: Input): readonly string[] {
  return required(texts(input, "tagKeys"), "tagKeys", badRequest);
}

const ENTRY_OF = /:access-entry\/([^/]+)\/.+$/;

/**
 * ListTagsForResource, for clusters and access entries. The Service Authorization Reference lists
 * no access entries as resources of this action. So for an entry IAM is asked about its cluster.
 */
export function listTagsForResource({ eks }: EksDependencies): Operation {
  return {
    permissions: (input) => {
      const arn = resourceArn(input).replace(ENTRY_OF, ":cluster/$1");
      return [askOnTagged("eks:ListTagsForResource", eks.state, arn)];
    },
    run: (call) => ({
      tags: requireTagged(settledState(eks, call.now), resourceArn(call.input)).tags,
    }),
  };
}

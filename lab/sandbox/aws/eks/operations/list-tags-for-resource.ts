import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { settledState } from "../settle.ts";
import { askOnTagged, requireTagged, resourceArn } from "../tagged-resource.ts";

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

import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import type { Handler } from "./operation.ts";
import { taggedGroup } from "./tags.ts";

/** `ListTagsForResource`, of a group. */
export const listTagsForResource: Handler = ({ scheduler }, { input }) => {
  checkConstraints(input, CONSTRAINTS.ListTagsForResource);
  const { tags } = taggedGroup(scheduler.state, input);
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
};

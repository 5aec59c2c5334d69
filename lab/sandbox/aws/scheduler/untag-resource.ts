import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { changeSchedules, type Handler } from "./operation.ts";
import { taggedGroup } from "./tags.ts";

/** `UntagResource`, of a group. Keys that it does not have are no error. */
export const untagResource: Handler = (context, { input }) => {
  checkConstraints(input, CONSTRAINTS.UntagResource);
  const keys = (input["TagKeys"] as readonly unknown[]).map(String);
  changeSchedules(context, (state) => {
    const group = taggedGroup(state, input);
    group.tags = Object.fromEntries(
      Object.entries(group.tags).filter(([key]) => !keys.includes(key)),
    );
  });
  return {};
};

import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { changeSchedules, type Handler } from "./operation.ts";
import { taggedGroup, tagsFrom } from "./tags.ts";

/** `TagResource`, of a group: adds tags and overwrites those of the same keys. */
export const tagResource: Handler = (context, { input }) => {
  checkConstraints(input, CONSTRAINTS.TagResource);
  const tags = tagsFrom(input);
  changeSchedules(context, (state) => {
    const group = taggedGroup(state, input);
    group.tags = { ...group.tags, ...tags };
  });
  return {};
};

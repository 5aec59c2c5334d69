import type { Input } from "./constraints.ts";
import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { validation } from "./errors.ts";
import { changeSchedules, groupIn, type Handler } from "./operation.ts";
import type { ScheduleGroup, SchedulerState } from "./state.ts";

/** `Tags`, a list of `{ Key, Value }`, by key. @throws ValidationException */
export function tagsFrom(input: Input): Record<string, string> {
  const list = Array.isArray(input["Tags"]) ? input["Tags"] : [];
  const tags: Record<string, string> = {};
  for (const tag of list as readonly Input[]) {
    const { Key: key, Value: value } = tag;
    if (typeof key !== "string" || key.length < 1 || key.length > 128)
      throw validation("A tag's Key must have 1 to 128 characters.");
    if (typeof value !== "string" || value.length < 1 || value.length > 256)
      throw validation("A tag's Value must have 1 to 256 characters.");
    if (Object.hasOwn(tags, key)) throw validation(`The tag key ${key} appears twice.`);
    tags[key] = value;
  }
  return tags;
}

/** The group of a `ResourceArn`: single schedules have no tags. @throws ResourceNotFoundException */
function taggedGroup(state: SchedulerState, input: Input): ScheduleGroup {
  const arn = String(input["ResourceArn"]);
  const group = groupIn(state, arn.slice(arn.lastIndexOf("/") + 1));
  return group.arn === arn ? group : groupIn(state, arn);
}

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

/** `ListTagsForResource`, of a group. */
export const listTagsForResource: Handler = ({ scheduler }, { input }) => {
  checkConstraints(input, CONSTRAINTS.ListTagsForResource);
  const { tags } = taggedGroup(scheduler.state, input);
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
};

import type { Input } from "./constraints.ts";
import { validation } from "./errors.ts";
import { groupIn } from "./operation.ts";
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
export function taggedGroup(state: SchedulerState, input: Input): ScheduleGroup {
  const arn = String(input["ResourceArn"]);
  const group = groupIn(state, arn.slice(arn.lastIndexOf("/") + 1));
  return group.arn === arn ? group : groupIn(state, arn);
}

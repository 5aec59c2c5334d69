/** A table's tags: TagResource, UntagResource, ListTagsOfResource. A change is seen at once, in AWS after seconds. */
import { beingCreated, dynamoDbError, invalid, notFound, refuseOthers } from "./errors.ts";
import { tableNameOf } from "./table-names.ts";
import { changeState, engineTable, isCreating, stateOf, type TableWorld } from "./table-world.ts";

type Input = Record<string, unknown>;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html */
const MOST_TAGS = 50;

export async function tagResource(world: TableWorld, input: Input): Promise<object> {
  refuseOthers("TagResource", input, ["ResourceArn", "Tags"]);
  const name = await changeable(world, input);
  const tags = listOf(input["Tags"], "Tags").map(tagOf);
  const after = { ...stateOf(world, name).tags, ...Object.fromEntries(tags) };
  if (Object.keys(after).length > MOST_TAGS)
    throw dynamoDbError("LimitExceededException", `A table has ${MOST_TAGS} tags at most.`);
  changeState(world, name, (state) => {
    state.tags = after;
  });
  return {};
}

export async function untagResource(world: TableWorld, input: Input): Promise<object> {
  refuseOthers("UntagResource", input, ["ResourceArn", "TagKeys"]);
  const name = await changeable(world, input);
  const keys = listOf(input["TagKeys"], "TagKeys").map(String);
  changeState(world, name, (state) => {
    state.tags = Object.fromEntries(
      Object.entries(state.tags).filter(([key]) => !keys.includes(key)),
    );
  });
  return {};
}

export async function listTagsOfResource(world: TableWorld, input: Input): Promise<object> {
  refuseOthers("ListTagsOfResource", input, ["ResourceArn"]);
  const { tags } = stateOf(world, await existing(world, input));
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

async function existing({ place, ...world }: TableWorld, input: Input): Promise<string> {
  const arn = input["ResourceArn"];
  const name = tableNameOf(place, arn);
  // A bare name is not an ARN.
  if (name === arn || !(await engineTable(world, name))) throw notFound();
  return name;
}

async function changeable(world: TableWorld, input: Input): Promise<string> {
  const name = await existing(world, input);
  if (isCreating(world, name)) throw beingCreated(name);
  return name;
}

function tagOf(given: unknown): readonly [string, string] {
  const { Key: key, Value: value } = (given ?? {}) as Input;
  if (typeof key !== "string" || typeof value !== "string" || !/^.{1,128}$/su.test(key))
    throw invalid("A tag has a Key of 1 to 128 characters, and a Value.");
  if (value.length > 256) throw invalid("A tag's Value has 256 characters at most.");
  if (key.toLowerCase().startsWith("aws:"))
    throw invalid(`The tag ${key} is AWS's own, and nobody else may set it.`);
  return [key, value];
}

function listOf(given: unknown, member: string): readonly unknown[] {
  if (!Array.isArray(given)) throw invalid(`${member} is a list.`);
  return given;
}

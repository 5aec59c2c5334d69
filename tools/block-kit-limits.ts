/**
 * Slack's limits for the blocks that messages of ours have, by themselves and together. A block or a
 * member that is not here is a fault, so that nothing unknown passes.
 * https://docs.slack.dev/reference/block-kit
 */

type Check = (value: unknown) => readonly string[];

const MOST_BLOCKS = 50;
const MOST_TEXT = 4_000;
/** Not published; about 13,200 characters were refused. */
const MOST_JSON = 13_000;

/** Everything at which Slack would refuse the message; none where it takes it. */
export function limitFaults(message: {
  readonly text: string;
  readonly blocks: readonly unknown[];
}): readonly string[] {
  const { text, blocks } = message;
  return [
    ...textOf(MOST_TEXT)(text),
    ...(JSON.stringify(blocks).length > MOST_JSON ? ["All blocks together are too long."] : []),
    ...listOf(blockCheck, MOST_BLOCKS)(blocks),
  ];
}

const textOf =
  (most: number): Check =>
  (value) =>
    typeof value === "string" && value.length > 0 && value.length <= most
      ? []
      : [`A text has to have 1 to ${most} characters: ${JSON.stringify(value)?.slice(0, 80)}`];

const listOf =
  (each: Check, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.length <= most
      ? value.flatMap((one) => each(one))
      : [`A list has to have 1 to ${most} elements.`];

const is =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value) ? [] : [`${String(value)} is none of ${values.join(", ")}.`];

const objectOf =
  (
    required: Readonly<Record<string, Check>>,
    optional: Readonly<Record<string, Check>> = {},
  ): Check =>
  (value) => {
    if (typeof value !== "object" || value === null) return [`${String(value)} is no object.`];
    const members = new Map(Object.entries(value));
    return [
      ...Object.entries(required).flatMap(([name, check]) =>
        check(members.get(name)).map((fault) => `${name}: ${fault}`),
      ),
      ...Object.entries(optional).flatMap(([name, check]) =>
        members.has(name) ? check(members.get(name)).map((fault) => `${name}: ${fault}`) : [],
      ),
      ...[...members.keys()]
        .filter((name) => !Object.hasOwn(required, name) && !Object.hasOwn(optional, name))
        .map((name) => `${name} is not known.`),
    ];
  };

const plain = (most: number) =>
  objectOf({ type: is("plain_text"), text: textOf(most) }, { emoji: is(true, false) });
const markup = (most: number) =>
  objectOf({ type: is("mrkdwn"), text: textOf(most), verbatim: is(true) });

const ID = textOf(255);
const CONFIRM = objectOf({
  title: plain(100),
  text: plain(300),
  confirm: plain(30),
  deny: plain(30),
  style: is("danger", "primary"),
});
const BUTTON = objectOf(
  { type: is("button"), text: plain(75), action_id: ID, value: textOf(2_000) },
  { style: is("primary", "danger"), confirm: CONFIRM },
);

const BLOCKS: Readonly<Record<string, Check>> = {
  header: objectOf({ type: is("header"), text: plain(150) }),
  section: objectOf({ type: is("section"), text: plain(3_000) }),
  context: objectOf({ type: is("context"), elements: listOf(markup(3_000), 10) }),
  actions: objectOf({ type: is("actions"), block_id: ID, elements: listOf(BUTTON, 25) }),
};

const blockCheck: Check = (block) => {
  const type = (block as { readonly type?: unknown } | null)?.type;
  const check = Object.hasOwn(BLOCKS, String(type)) ? BLOCKS[String(type)] : undefined;
  return check ? check(block) : [`${String(type)} is no block that is used.`];
};

import { describe, expect, it } from "vitest";
import { messageBlocks } from "../../../../lab/sandbox/slack/blocks/blocks.ts";
import { homeView, modalView } from "../../../../lab/sandbox/slack/blocks/view.ts";
import { button, modal, section, startSlack } from "./slack-fixture.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const long = (length: number) => "a".repeat(length);
const actions = (...elements: unknown[]) => ({ type: "actions", elements });
const options = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ text: plain(`Option ${at}`), value: `${at}` }));
const select = (members: object) => ({ type: "static_select", action_id: "choice", ...members });

/** The limits of docs.slack.dev: what just fits, and what is one too many, with Slack's words. */
const LIMITS: readonly (readonly [string, unknown, unknown, string])[] = [
  [
    "a message has 50 blocks",
    Array.from({ length: 50 }, () => ({ type: "divider" })),
    Array.from({ length: 51 }, () => ({ type: "divider" })),
    "no more than 50 items allowed [json-pointer:/blocks]",
  ],
  [
    "a section's text has 3000 characters",
    [section(long(3_000))],
    [section(long(3_001))],
    "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
  ],
  [
    "a section has 10 fields",
    [{ type: "section", fields: Array.from({ length: 10 }, () => plain("a")) }],
    [{ type: "section", fields: Array.from({ length: 11 }, () => plain("a")) }],
    "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
  ],
  [
    "a field has 2000 characters",
    [{ type: "section", fields: [plain(long(2_000))] }],
    [{ type: "section", fields: [plain(long(2_001))] }],
    "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
  ],
  [
    "a header has 150 characters",
    [{ type: "header", text: plain(long(150)) }],
    [{ type: "header", text: plain(long(151)) }],
    "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
  ],
  [
    "a context has 10 elements",
    [{ type: "context", elements: Array.from({ length: 10 }, () => plain("a")) }],
    [{ type: "context", elements: Array.from({ length: 11 }, () => plain("a")) }],
    "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
  ],
  [
    "actions have 25 elements",
    [actions(...Array.from({ length: 25 }, (_, at) => button(`${at}`)))],
    [actions(...Array.from({ length: 26 }, (_, at) => button(`${at}`)))],
    "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
  ],
  [
    "a button's text has 75 characters",
    [actions({ type: "button", text: plain(long(75)) })],
    [actions({ type: "button", text: plain(long(76)) })],
    "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
  ],
  [
    "a button's value has 2000 characters",
    [actions(button("a", long(2_000)))],
    [actions(button("a", long(2_001)))],
    "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
  ],
  [
    "a select has 100 options",
    [actions(select({ options: options(100) }))],
    [actions(select({ options: options(101) }))],
    "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
  ],
  [
    "checkboxes have 10 options",
    [actions({ type: "checkboxes", options: options(10) })],
    [actions({ type: "checkboxes", options: options(11) })],
    "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
  ],
  [
    "a block's id has 255 characters",
    [{ type: "divider", block_id: long(255) }],
    [{ type: "divider", block_id: long(256) }],
    "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
  ],
];

const confirm = (members: object) =>
  messageBlocks(
    [
      actions({
        ...button("a"),
        confirm: {
          title: plain("Sure?"),
          text: plain("Really"),
          confirm: plain("Yes"),
          deny: plain("No"),
          ...members,
        },
      }),
    ],
    "",
  );

describe("the blocks of a message", () => {
  it.each(LIMITS)(
    "The blocks of a message keep to the limit that %s",
    (_title, fits, exceeds, fault) => {
      expect(messageBlocks(fits, "/blocks")).toEqual([]);
      expect(messageBlocks(exceeds, "/blocks")).toEqual([`[ERROR] ${fault}`]);
    },
  );

  it.each([
    [[{ type: "table" }], "unsupported type: table [json-pointer:/blocks/0/type]"],
    [[{ type: "toString" }], "unsupported type: toString [json-pointer:/blocks/0/type]"],
    [[{}], "missing required field: type [json-pointer:/blocks/0]"],
    [[{ type: "header" }], "missing required field: text [json-pointer:/blocks/0]"],
    [[{ type: "section" }], "must define `text` or `fields` [json-pointer:/blocks/0]"],
    [
      [{ ...section("a"), color: "red" }],
      "invalid additional property: color [json-pointer:/blocks/0]",
    ],
    [[section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"],
    [
      [{ type: "header", text: { type: "mrkdwn", text: "a" } }],
      "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ],
    [
      [actions({ ...button("a"), style: "green" })],
      "must be a valid enum value: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ],
    [
      [actions(button("a"), button("a"))],
      "`action_id` must be unique in its block: a [json-pointer:/blocks/0]",
    ],
    [
      [
        { type: "divider", block_id: "x" },
        { type: "divider", block_id: "x" },
      ],
      "`block_id` must be unique: x [json-pointer:/blocks/1/block_id]",
    ],
    [
      [actions(select({}))],
      "must define exactly one of `options` and `option_groups` [json-pointer:/blocks/0/elements/0]",
    ],
    [
      [actions(select({ options: options(1), initial_option: options(2)[1] }))],
      "`initial_option` must match one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
    ],
    [
      [actions({ type: "datepicker", initial_date: "1.1.2026" })],
      "must be a date of the form YYYY-MM-DD [json-pointer:/blocks/0/elements/0/initial_date]",
    ],
    [
      [actions({ type: "plain_text_input" })],
      "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ],
  ])("The blocks %j of a message are refused", (blocks, fault) => {
    expect(messageBlocks(blocks, "/blocks")).toEqual([`[ERROR] ${fault}`]);
  });

  it("The confirmation dialog of a button keeps to its limits", () => {
    expect(confirm({})).toEqual([]);
    expect(confirm({ title: plain(long(101)) })).toHaveLength(1);
    expect(confirm({ text: plain(long(301)) })).toHaveLength(1);
    expect(confirm({ deny: plain(long(31)) })).toHaveLength(1);
  });

  it("The blocks of a message are refused as a whole, with everything that is wrong", async () => {
    const { call, state } = await startSlack();
    const blocks = [{ type: "header", text: plain(long(151)) }, { type: "carousel" }];
    expect(await call("chat.postMessage", { channel: "C0001", text: "a", blocks })).toEqual({
      ok: false,
      error: "invalid_blocks",
      response_metadata: {
        messages: [
          "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]",
          "[ERROR] unsupported type: carousel [json-pointer:/blocks/1/type]",
        ],
      },
    });
    expect(state.messages).toEqual([]);
  });
});

describe("a view", () => {
  it("A modal view has at most 100 blocks and a title of 24 characters", () => {
    const dividers = (count: number) => Array.from({ length: count }, () => ({ type: "divider" }));
    expect(modalView({ ...modal(long(24)), blocks: dividers(100) }, "/view")).toEqual([]);
    expect(modalView({ ...modal(), blocks: dividers(101) }, "/view")).toEqual([
      "[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]",
    ]);
    expect(modalView(modal(long(25)), "/view")).toEqual([
      "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
    ]);
  });

  it("A modal view needs a submit button for its inputs", () => {
    const { submit: _submit, ...without } = modal();
    expect(modalView(without, "/view")).toEqual([
      "[ERROR] must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]",
    ]);
  });

  it("A view carries at most 3000 characters of private_metadata", () => {
    expect(modalView({ ...modal(), private_metadata: long(3_000) }, "/view")).toEqual([]);
    expect(modalView({ ...modal(), private_metadata: long(3_001) }, "/view")).toHaveLength(1);
  });

  it("An App Home view has neither title nor buttons of its own", () => {
    expect(homeView({ type: "home", blocks: [section("a")] }, "/view")).toEqual([]);
    expect(homeView({ type: "home", title: plain("a"), blocks: [] }, "/view")).toEqual([
      "[ERROR] invalid additional property: title [json-pointer:/view]",
    ]);
  });
});

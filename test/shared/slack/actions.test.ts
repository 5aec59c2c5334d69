import { describe, expect, it } from "vitest";
import {
  ACTION_ID,
  buttonValue,
  parseButtonValue,
  REQUEST_BLOCK,
} from "../../../shared/slack/actions.ts";

const SHOWN = { id: "019ab5c0-0000-7000-8000-000000000001", digest: "ab12" };

describe("a button on a message", () => {
  it("Each action's button has a name of its own", () => {
    const names = Object.values(ACTION_ID);
    expect(new Set(names).size).toBe(names.length);
    expect([...names, REQUEST_BLOCK].filter((name) => !/^[a-z_]+$/.test(name))).toEqual([]);
  });

  it("A button carries the request and the digest that was shown", () => {
    expect(parseButtonValue(buttonValue(SHOWN))).toEqual(SHOWN);
  });

  it.each([
    "",
    "null",
    "[]",
    '"x"',
    "{",
    "{}",
    '{"id":"a"}',
    '{"id":1,"digest":"b"}',
    '{"digest":"b","id":"a"}',
    '{"id":"a","digest":"b","extra":1}',
    '{"id":"a","id":"c","digest":"b"}',
    ' {"id":"a","digest":"b"}',
  ])("The button value %j is refused, because no button carries it", (text) => {
    expect(parseButtonValue(text)).toBeUndefined();
  });
});

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { openState } from "../../../../lab/sandbox/process/state.ts";

it("Slack's messages, and the token of its page, survive a restart of the sandbox", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "state-"));
  const first = await openState(dir, () => 1);
  const message = { channel: "C0001", ts: "1.000001", user: "U0100", text: "hello" };
  first.slack.change((state) => {
    state.messages.push({ ...message, blocks: [], edited: false });
  });
  first.flush();
  const second = await openState(dir, () => 1);
  expect(second.slack.state).toEqual(first.slack.state);
  expect(second.slack.state.messages).toMatchObject([message]);
  const other = await openState(mkdtempSync(path.join(tmpdir(), "state-")), () => 1);
  expect(other.slack.state.pageToken).not.toBe(first.slack.state.pageToken);
});

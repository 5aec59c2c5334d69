import { describe, expect, it } from "vitest";
import type { StopNotice } from "../../../shared/domain/notices/notice.ts";
import { stopMessage } from "../../../shared/slack/stop-message.ts";
import { aStopNotice } from "./any-stop.ts";

/** The texts of the blocks, from the top, without the last one, which has the instant. */
const linesOf = (notice: StopNotice) =>
  stopMessage(notice).blocks.flatMap((block) =>
    block.type === "header" || block.type === "section" ? [block.text?.text] : [],
  );

const TO_ALICE = { audience: { kind: "person", person: "alice" } } as const;

describe("the message about a suspension or a drain", () => {
  it("The alarm channel reads who, why, what it means, and by which command who lifts it", () => {
    expect(linesOf(aStopNotice())).toEqual([
      "A person was suspended",
      "carol suspended alice.",
      "Reason: her laptop is gone.",
      "All that Timelatch lends to them is being removed; standing access stays. What they ask or decide is refused, and their approvals do not count.",
      "heidi can lift it: timelatch suspend alice --lift",
    ]);
  });

  it("The suspended person is spoken to, and reads whom to ask", () => {
    expect(linesOf(aStopNotice({}, TO_ALICE))).toEqual([
      "carol suspended you.",
      "Reason: her laptop is gone.",
      "All that Timelatch lends to you is being removed; standing access stays. What you ask or decide is refused, and your approvals do not count.",
      "Ask heidi to lift it.",
    ]);
  });

  it("A lift has no reason and no command", () => {
    const lift = { type: "lift", actor: "heidi", reason: "", liftedBy: [] } as const;
    expect(linesOf(aStopNotice(lift))).toEqual([
      "A suspension was lifted",
      "heidi lifted the suspension of alice.",
      "Unless the broker is drained, they ask and decide again. Access that ended has to be asked for again.",
    ]);
    expect(linesOf(aStopNotice(lift, TO_ALICE))[0]).toBe("heidi lifted your suspension.");
  });

  it("A drain has a heading, and says so where no other admin could lift it", () => {
    const lines = linesOf(aStopNotice({ type: "drain", person: null, liftedBy: [] }));
    expect(lines[0]).toBe("TIMELATCH WAS DRAINED");
    expect(lines[1]).toBe("carol drained Timelatch: nobody is lent anything.");
    expect(lines.at(-1)).toBe("No other admin can lift it: access.yaml has to name one more.");
  });

  it("The fallback text says it in one line, with the instant", () => {
    expect(stopMessage(aStopNotice()).text).toMatch(/^carol suspended alice\. .* At 2026-11-24/);
  });
});

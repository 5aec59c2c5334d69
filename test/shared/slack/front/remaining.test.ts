/** The access that stays when somebody ends their own grant in Slack: said once, and no more than is known. */
import { describe, expect, it } from "vitest";
import { ALICE, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { EDIT, edit } from "../../../../lab/fakes/memory-broker.ts";
import {
  beginPass,
  completePass,
  noRecord,
} from "../../../../shared/domain/standing/standing-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { messageFor } from "../../../../shared/slack/message.ts";
import { standing } from "../../domain/standing/samples.ts";
import { aNotice } from "../any-notice.ts";
import { saidIn, slackBroker } from "./slack-front-fixture.ts";

type Slack = ReturnType<typeof slackBroker>;

const STILL = "Something else still gives you access there:";
const PASS = "01935e00-0000-7000-8000-00000000aaaa";
const times = (said: string, words: string) => said.split(words).length - 1;

async function stood(slack: Slack): Promise<void> {
  const begun = beginPass(noRecord(PROD.arn, T0), PASS, T0);
  if (!begun.reading) throw new Error("No pass began.");
  const entry = standing({ targets: { [EDIT]: ["ns/payments-api"] } }, [], ALICE);
  if (entry) await slack.standing.put(PROD.arn, PASS, entry);
  await slack.standing.save(completePass(begun, begun.reading, T0));
}

/** The answer's blocks: its fallback text says the same. */
const returned = async (slack: Slack) =>
  saidIn((await slack.command("alice", "return")).body.blocks);

describe("The answer to /access return", () => {
  it("It says what standing access still gives, as of its reading, once", async () => {
    const slack = slackBroker();
    await slack.activeGrant();
    await stood(slack);
    const said = await returned(slack);
    expect(said).toContain("Returned. Access is being removed.");
    expect(times(said, STILL)).toBe(1);
    expect(said).toContain("AmazonEKSEditPolicy in payments-api on prod. Standing access, as read");
  });

  it("It names no access of the grant that was just returned", async () => {
    const slack = slackBroker();
    await slack.activeGrant();
    const said = await returned(slack);
    expect(said).toContain("Returned. Access is being removed.");
    expect(times(said, STILL)).toBe(0);
    expect(said).not.toContain("AmazonEKSEditPolicy");
  });

  it("It does not call access that is only coming remaining", async () => {
    const slack = slackBroker();
    await slack.activeGrant();
    const startsAt = plusSeconds(slack.clock.now(), 7_200);
    const later = await slack.ask({ access: edit("payments-web"), startsAt });
    await slack.approve(later);
    expect(times(await returned(slack), STILL)).toBe(0);
  });

  it("A failed read looks like no failure of the return", async () => {
    const slack = slackBroker();
    const grant = await slack.activeGrant();
    slack.standing.load = async () => {
      throw new Error("the table does not answer");
    };
    const said = await returned(slack);
    expect(said).toContain("Returned. Access is being removed.");
    expect(await slack.states(grant)).toEqual(["ending"]);
  });
});

describe("The answer to Return in a list that only its reader sees", () => {
  it("It says once what stays", async () => {
    const slack = slackBroker();
    const grant = await slack.activeGrant();
    await stood(slack);
    const container = {
      type: "message",
      message_ts: "1.2",
      channel_id: "C0001",
      is_ephemeral: true,
    };
    await slack.click("alice", "return", grant, { container });
    expect(await slack.states(grant)).toEqual(["ending"]);
    expect(slack.web.map(({ method }) => method)).toEqual(["chat.postEphemeral"]);
    const said = saidIn(slack.web[0]?.parameters["blocks"]);
    expect(said).toContain("Returned. Access is being removed.");
    expect(times(said, STILL)).toBe(1);
  });
});

describe("App Home after End all", () => {
  it("It says once what stays, and does not list it among what ended", async () => {
    const slack = slackBroker();
    const [one] = [await slack.activeGrant(), await slack.otherActiveGrant()];
    await stood(slack);
    const view = { view: { id: "V0001", type: "home" }, channel: undefined };
    const actions = [{ type: "button", action_id: "end_all", block_id: "home", value: "all" }];
    await slack.click("alice", "end_all", one, { ...view, actions });
    const said = saidIn(slack.web);
    expect(times(said, "The end of 2 grants is stored")).toBe(1);
    expect(times(said, "Standing access, as read")).toBe(1);
    expect(times(said, "Being removed, to be gone by")).toBe(1);
    expect(said).not.toContain('"Until');
  });
});

describe("The message about a grant that ended while something else gives the same", () => {
  it.each(["request", "over"] as const)(
    "It says so once, and not that access is gone: %s",
    (kind) => {
      const outcome = { code: "returned", detail: "Returned by alice." };
      const by = ["standing access"];
      const endProof = { hadBegun: true, readAt: T0, stayed: ["ns/payments-api"], stayedBy: by };
      const facts = { state: "ended", endedAt: T0, outcome, endProof } as const;
      const said = saidIn(messageFor(aNotice(kind, facts)).blocks);
      expect(times(said, "is also given by standing access.")).toBe(1);
      expect(times(said, "This grant has ended.")).toBe(1);
      for (const gone of ["The access of this grant has ended", "Read back as gone"])
        expect(said).not.toContain(gone);
    },
  );
});

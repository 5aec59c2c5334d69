/** App Home: what fits into it, and the button that ends all of one's access. */
import { describe, expect, it } from "vitest";
import { ALICE, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { edit } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { NO_STOPS } from "../../../../shared/domain/stops/stops.ts";
import { type HomeLists, homeBlocks } from "../../../../shared/slack/front/home.ts";
import type { OwnAccess } from "../../../../shared/usecases/access/own-access.ts";
import { saidIn, slackBroker, slackPolicy } from "./slack-front-fixture.ts";

type Slack = ReturnType<typeof slackBroker>;
type Block = Readonly<Record<string, unknown>>;

const HOME_VIEW = { view: { id: "V0001", type: "home" }, channel: undefined };

/** Alice has two grants in place of one. */
async function twoGrants(slack: Slack): Promise<readonly [AccessRequest, AccessRequest]> {
  return [await slack.activeGrant(), await slack.otherActiveGrant()];
}

const endAll = (slack: Slack, request: AccessRequest) =>
  slack.click("alice", "end_all", request, {
    ...HOME_VIEW,
    actions: [{ type: "button", action_id: "end_all", block_id: "home", value: "all" }],
  });

const NO_ACCESS: OwnAccess = {
  at: T0,
  access: [],
  unread: [],
  standingAsOf: T0,
  stop: undefined,
  stopped: NO_STOPS,
  leftOut: 0,
};

/** More than is shown, of somebody who is stopped. */
const MANY_LINES: OwnAccess = {
  ...NO_ACCESS,
  access: Array.from({ length: 9 }, () => ({
    clusterArn: PROD.arn,
    principalArn: ALICE,
    target: "groups",
    elements: ["group/a"],
    ...({ state: "there", by: "g", from: null, until: T0, asOf: null } as const),
  })),
  stop: {
    code: "drained",
    by: "carol",
    at: T0,
    reason: "an incident",
    liftedBy: [],
    mayLift: false,
  },
};

/** The newest requests that App Home reads. */
async function many(slack: Slack, state: AccessRequest["state"]): Promise<AccessRequest[]> {
  const one = await slack.activeGrant();
  return Array.from({ length: 50 }, (_, at) => ({
    ...one,
    id: `${one.id.slice(0, -2)}${String(at).padStart(2, "0")}`,
    state,
  }));
}

describe("App Home of somebody with more than fits", () => {
  it.each(["pending", "approved", "active"] as const)(
    "It has at most Slack's 100 blocks where everything is %s",
    async (state) => {
      const slack = slackBroker();
      const [open, over] = [await many(slack, state), await many(slackBroker(), "ended")];
      const page = { items: open, next: "more" };
      const own = { items: [...open, ...over], next: "more" };
      const lists: HomeLists = { access: MANY_LINES, own, waiting: page, reviews: page };
      const blocks = homeBlocks(slackPolicy(), lists, ["Something was done."]);
      expect(blocks.length).toBeGreaterThan(80);
      expect(blocks.length).toBeLessThan(100);
      const said = saidIn(blocks);
      expect(said.includes("And at least 40 more: timelatch list has all.")).toBe(true);
    },
  );

  it("It counts what it leaves out, and names the command that lists it", async () => {
    const items = await many(slackBroker(), "pending");
    const page = { items };
    const lists: HomeLists = { access: NO_ACCESS, own: page, waiting: page, reviews: page };
    const said = saidIn(homeBlocks(slackPolicy(), lists));
    expect(said).toContain("And 40 more: timelatch list has all.");
    expect(said).toContain("And 43 more: timelatch list --to-approve has all.");
    expect(said).toContain("And 43 more: timelatch review has all.");
  });
});

describe("What waits on App Home", () => {
  it("It says that a requester is suspended, and has no button that would be refused", async () => {
    const one = await slackBroker().activeGrant();
    const suspended = { by: "carol", at: T0, reason: "a lost laptop" };
    const access = {
      ...NO_ACCESS,
      stopped: { people: { [one.requester]: suspended }, drain: null },
    };
    const waiting = { items: [{ ...one, state: "pending" as const }] };
    const none = { items: [] };
    const blocksWith = (known: OwnAccess) =>
      homeBlocks(slackPolicy(), { access: known, own: none, waiting, reviews: none });
    expect(saidIn(blocksWith(access))).toContain(
      `carol suspended ${one.requester}, so nobody decides on this now`,
    );
    expect(JSON.stringify(blocksWith(access))).not.toMatch(/"action_id":"(?:approve|deny)/);
    expect(saidIn(blocksWith(NO_ACCESS))).not.toContain("suspended");
    expect(JSON.stringify(blocksWith(NO_ACCESS))).toContain('"action_id":"approve"');
  });
});

describe("End all on App Home", () => {
  const buttonsIn = (own: readonly AccessRequest[]) => {
    const none = { items: [] };
    const [first] = homeBlocks(slackPolicy(), {
      access: NO_ACCESS,
      own: { items: own },
      waiting: none,
      reviews: none,
    });
    return (first as { readonly elements: readonly Block[] }).elements;
  };

  it("It is there with several grants, and its dialog names what will end", async () => {
    const slack = slackBroker();
    const [, button] = buttonsIn(await twoGrants(slack));
    expect(button).toMatchObject({ action_id: "end_all", style: "danger" });
    const said = saidIn(button?.["confirm"]);
    expect(said).toContain("AmazonEKSEditPolicy in payments-api on prod; ");
    expect(said).toContain("AmazonEKSEditPolicy in payments-web on prod.");
  });

  it.each([
    ["one grant", (all: readonly AccessRequest[]) => all.slice(0, 1)],
    [
      "one grant and a request that waits",
      ([one, two]: readonly AccessRequest[]) => [one, { ...two, state: "pending" }],
    ],
    [
      "one grant and its extension",
      ([one, two]: readonly AccessRequest[]) => [one, { ...two, extends: one?.id }],
    ],
  ])("It is not there with %s", async (_, of) => {
    const own = of(await twoGrants(slackBroker())) as readonly AccessRequest[];
    expect(buttonsIn(own)).toHaveLength(1);
  });

  it("Its dialog fits into Slack's 300 characters, however much there is", async () => {
    const [one] = await twoGrants(slackBroker());
    const own = Array.from({ length: 18 }, (_, at) => ({
      ...one,
      id: `${one.id}${at}`,
      access: edit("n".repeat(63), "m".repeat(63), String(at)),
    }));
    const [, button] = buttonsIn(own);
    const { text, title } = (button?.["confirm"] ?? {}) as Readonly<
      Record<string, { text: string }>
    >;
    expect(text?.text.length).toBeLessThanOrEqual(300);
    expect(text?.text).toMatch(/…; and 16 more\. /);
    expect(title?.text.length).toBeLessThanOrEqual(100);
  });

  it("A click ends every grant, leaves what waits, and says what follows", async () => {
    const slack = slackBroker();
    const [one, two] = await twoGrants(slack);
    const waiting = await slack.ask({ access: edit("payments-jobs") });
    await endAll(slack, one);
    for (const each of [one, two])
      expect(await slack.reload(each)).toMatchObject({
        state: "ending",
        outcome: { code: "returned", detail: "Returned by alice." },
      });
    expect((await slack.reload(waiting)).state).toBe("pending");
    expect(slack.web.map(({ method }) => method)).toEqual(["views.publish"]);
    expect(saidIn(slack.web)).toContain("The end of 2 grants is stored, with all extensions.");
  });

  it("A copy of the signed click ends nothing that was lent since", async () => {
    const slack = slackBroker();
    const [one] = await twoGrants(slack);
    const payload = slack.clickPayload("alice", "end_all", one, {
      ...HOME_VIEW,
      actions: [{ type: "button", action_id: "end_all", block_id: "home", value: "all" }],
    });
    const signed = slack.sign("interactivity", slack.form(payload));
    await slack.bodyOf(signed);
    const later = await slack.activeGrant({ access: edit("payments-later") });
    await slack.bodyOf(signed);
    expect((await slack.reload(later)).state).toBe("active");
    expect(saidIn(slack.web.at(-1))).toContain("This was already done.");
  });

  it("Without a grant it says that nothing was done", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    await endAll(slack, asked);
    expect(saidIn(slack.web)).toContain("None of your grants was open. Nothing was done.");
  });
});

/** App Home: what fits into it, and the button that ends all of one's access. */
import { describe, expect, it } from "vitest";
import { ALICE, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { edit } from "../../../../lab/fakes/memory-broker.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import type { Delegation } from "../../../../shared/domain/delegations/delegation.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { NO_STOPS } from "../../../../shared/domain/stops/stops.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
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

const ADMIN = slackBroker().actor("carol").member;
const EMPTY: HomeLists = {
  reader: slackBroker().actor("alice").member,
  access: NO_ACCESS,
  own: { items: [] },
  waiting: { items: [] },
  reviews: { items: [] },
  delegations: { items: [] },
};

/** Bob lets alice approve, for an hour from now. */
const DELEGATION: Delegation = {
  id: countedId(7),
  by: "bob",
  to: "alice",
  from: T0,
  until: plusSeconds(T0, 3_600),
  createdAt: T0,
  ended: null,
};
const suspended = (at: string) => ({ by: "carol", at, reason: "a lost laptop" });
const STOPPED = {
  people: Object.fromEntries(
    ["p1", "p2", "p3", "p4"].map((name, at) => [name, suspended(plusSeconds(T0, at))]),
  ),
  drain: suspended(T0),
};

/** More than is shown, of somebody who is stopped. */
const MANY_LINES: OwnAccess = {
  ...NO_ACCESS,
  stopped: STOPPED,
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
      const lists: HomeLists = {
        ...EMPTY,
        reader: ADMIN,
        access: MANY_LINES,
        own,
        waiting: page,
        reviews: page,
        delegations: { items: Array.from({ length: 5 }, () => DELEGATION), next: "more" },
      };
      const blocks = homeBlocks(withAdmins(slackPolicy()), lists, ["Something was done."]);
      expect(blocks.length).toBeGreaterThan(80);
      expect(blocks.length).toBeLessThan(100);
      const said = saidIn(blocks);
      expect(said.includes("And at least 40 more: timelatch list has all.")).toBe(true);
    },
  );

  it("It counts what it leaves out, and names the command that lists it", async () => {
    const items = await many(slackBroker(), "pending");
    const page = { items };
    const lists: HomeLists = { ...EMPTY, own: page, waiting: page, reviews: page };
    const said = saidIn(homeBlocks(slackPolicy(), lists));
    expect(said).toContain("And 40 more: timelatch list has all.");
    expect(said).toContain("And 44 more: timelatch list --to-approve has all.");
    expect(said).toContain("And 44 more: timelatch review has all.");
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
    const blocksWith = (access: OwnAccess) =>
      homeBlocks(slackPolicy(), { ...EMPTY, access, waiting });
    expect(saidIn(blocksWith(access))).toContain(
      `carol suspended ${one.requester}, so nobody decides on this now`,
    );
    expect(JSON.stringify(blocksWith(access))).not.toMatch(/"action_id":"(?:approve|deny)/);
    expect(saidIn(blocksWith(NO_ACCESS))).not.toContain("suspended");
    expect(JSON.stringify(blocksWith(NO_ACCESS))).toContain('"action_id":"approve"');
  });
});

describe("Delegations and suspensions on App Home", () => {
  const said = (lists: Partial<HomeLists>) =>
    saidIn(homeBlocks(withAdmins(slackPolicy()), { ...EMPTY, ...lists }));

  it.each([
    ["its delegate", "alice", T0, ["You may approve for bob.", "Until"]],
    ["its delegator", "bob", T0, ["alice may approve for you.", "Until"]],
    [
      "its delegate, before it begins",
      "alice",
      plusSeconds(T0, 60),
      ["You will be able to approve for bob.", "From"],
    ],
  ] as const)(
    "A delegation stands there for %s, with its time and the command",
    (_, who, from, texts) => {
      const reader = slackBroker().actor(who).member;
      const shown = said({ reader, delegations: { items: [{ ...DELEGATION, from }] } });
      for (const text of [...texts, "timelatch delegations end ends one"])
        expect(shown).toContain(text);
    },
  );

  it("It says where some were not read", () => {
    const none = said({ delegations: { items: [], next: "more" } });
    expect(none).toContain("older ones were not read: timelatch delegations");
    const four = Array.from({ length: 4 }, () => DELEGATION);
    const many = said({ delegations: { items: four, next: "more" } });
    expect(many).toContain("And at least 1 more: timelatch delegations has all.");
  });

  it("An admin sees who is suspended, a drain first, the newest next, and the command", () => {
    const shown = said({ reader: ADMIN, access: { ...NO_ACCESS, stopped: STOPPED } });
    const places = ["Everybody, by a drain: since 2026-11-24", "p4: since", "p3: since"].map(
      (text) => shown.indexOf(text),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(shown).toContain("by carol: a lost laptop");
    expect(shown).toContain("And 2 more: timelatch suspensions has all.");
    expect(shown).toContain("timelatch suspend stops a person");
  });

  it("Others do not see who is suspended, and an admin reads nothing where nobody is", () => {
    expect(said({ access: { ...NO_ACCESS, stopped: STOPPED } })).not.toContain("Suspended");
    expect(said({ reader: ADMIN })).not.toContain("Suspended");
  });

  it("What App Home reads has the delegations of its reader", async () => {
    const policy = { ...slackPolicy(), delegations: { longestSeconds: 864_000 } };
    const slack = slackBroker(policy);
    await slack.delegate("bob", "carol");
    await slack.delegate("bob", "alice");
    const event = { type: "app_home_opened", user: "U0003", tab: "home" };
    const body = { type: "event_callback", team_id: "T0001", api_app_id: "A0001", event };
    await slack.bodyOf(slack.sign("events", JSON.stringify(body)));
    expect(saidIn(slack.web)).toContain("You may approve for bob.");
    // Carol is an admin, who may list everyone's.
    expect(saidIn(slack.web)).not.toContain("alice may approve");
    expect(saidIn(slack.web).split("may approve for").length).toBe(2);
  });
});

describe("End all on App Home", () => {
  const buttonsIn = (own: readonly AccessRequest[]) => {
    const [first] = homeBlocks(slackPolicy(), { ...EMPTY, own: { items: own } });
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

/**
 * Facts that kubectl's refusal lacks: access that is about to come or to go, or a request that
 * exists already.
 */
import { describe, expect, it } from "vitest";
import { missingGrant } from "../../../cli/kubernetes/live-grant.ts";
import type {
  EffectiveAccessAnswer,
  PersonAccessAnswer,
  WaitingAnswer,
} from "../../../shared/http/contract/person-access-answer.ts";
import { fakeApi } from "../fake-terminal.ts";
import { NOTHING_BESIDE } from "../sample-person-access.ts";
import { ALICE, idOf } from "../sample-requests.ts";

const NOW = "2026-11-24T10:01:30.000Z";
const NONE = "timelatch: No access is lent to you on prod now.";

const WAITING: WaitingAnswer = {
  id: idOf(2),
  cluster: "prod",
  policy: "AmazonEKSViewPolicy",
  elements: ["cluster"],
  since: "2026-11-24T10:00:00.000Z",
  lapsesAt: "2026-11-24T12:00:00.000Z",
  needs: [{ groups: ["payments-leads"], count: 1, people: ["bob"] }],
};

const access = (over: Partial<EffectiveAccessAnswer>): EffectiveAccessAnswer => ({
  cluster: "prod",
  principalArn: ALICE,
  policy: "AmazonEKSEditPolicy",
  elements: ["ns/payments-api"],
  state: "there",
  by: idOf(1),
  from: null,
  asOf: null,
  until: "2026-11-24T11:00:00.000Z",
  ...over,
});

const apiWith = (over: Partial<PersonAccessAnswer>) =>
  fakeApi(({ path }) =>
    path === "/v1/whoami"
      ? { person: "alice", groups: [], roles: [] }
      : {
          person: "alice",
          at: NOW,
          cluster: "prod",
          access: [],
          unread: [],
          standingAsOf: null,
          ...NOTHING_BESIDE,
          ...over,
        },
  );

const missing = (over: Partial<PersonAccessAnswer>, api = apiWith(over)) =>
  missingGrant(async () => api, "prod", NOW);

describe("The remark beside kubectl's refusal", () => {
  it("It asks what the caller can do on that cluster", async () => {
    const api = apiWith({});
    await missing({}, api);
    expect(api.calls.map(({ path }) => path)).toEqual([
      "/v1/whoami",
      "/v1/people/alice/access?cluster=prod",
    ]);
  });

  it("It names a pending request by its id, with who is to decide, and offers no other", async () => {
    expect(await missing({ waiting: [WAITING] })).toEqual({
      text: `${NONE} Your request for AmazonEKSViewPolicy on the whole cluster waits for approval by bob of payments-leads; it lapses in 1h58m.\n  timelatch show ${WAITING.id}\n`,
      canAsk: false,
    });
  });

  it("It says that approved access is about to begin, or when", async () => {
    const soon = await missing({ access: [access({ state: "may-be-there" })], waiting: [WAITING] });
    expect(soon).toEqual({
      text: `${NONE} AmazonEKSEditPolicy in payments-api is approved, and will be active in a few seconds.\n  timelatch show ${idOf(1)}\n`,
      canAsk: false,
    });
    const coming = access({ state: "coming", from: "2026-11-24T15:00:00.000Z" });
    expect(await missing({ access: [coming] })).toMatchObject({
      text: expect.stringContaining("is approved from 15:00 UTC, in 4h58m."),
      canAsk: false,
    });
  });

  it("It says that access is going, and by when, and offers to ask for more", async () => {
    const ending = access({ state: "ending", until: "2026-11-24T10:03:30.000Z" });
    expect(await missing({ access: [ending] })).toEqual({
      text: `${NONE} AmazonEKSEditPolicy in payments-api is being removed: to be gone by 10:03:30 UTC, in 2m. Ask for it:\n  timelatch request -c prod\n`,
      canAsk: true,
    });
  });

  it("It offers to ask where nothing is lent, and nothing waits", async () => {
    expect(await missing({})).toEqual({
      text: `${NONE} Ask for it:\n  timelatch request -c prod\n`,
      canAsk: true,
    });
  });

  it.each([
    ["a grant", access({})],
    ["a grant of somebody else through the same principal", access({ by: null })],
    ["standing access", access({ by: "standing access", until: null, asOf: NOW })],
  ])("There is none while access is there by %s, whatever else is asked for", async (_, there) => {
    const also = [access({ state: "ending" }), there];
    expect(await missing({ access: also, waiting: [WAITING] })).toBeUndefined();
  });

  it("A stop is said in place of what waits", async () => {
    const stopped = {
      code: "suspended",
      detail: "carol suspended you: x.",
      liftedBy: [],
      mayLift: false,
    };
    const api = fakeApi(({ path }) =>
      path === "/v1/whoami"
        ? { person: "alice", groups: [], roles: [], stopped }
        : { access: [], waiting: [WAITING] },
    );
    expect(await missing({}, api)).toEqual({
      text: `${NONE}\n  carol suspended you: x.\n`,
      canAsk: false,
    });
  });

  it("A stop ends what grants give, and nothing that stands", async () => {
    const standing = access({ by: "standing access", until: null, asOf: NOW });
    const stopped = { code: "drained", detail: "drained.", liftedBy: [], mayLift: false };
    const found = (lines: readonly EffectiveAccessAnswer[]) =>
      missing(
        {},
        fakeApi(({ path }) =>
          path === "/v1/whoami"
            ? { person: "alice", groups: [], roles: [], stopped }
            : { access: lines },
        ),
      );
    expect((await found([access({})]))?.text).toBe(
      "timelatch: Your grants on prod are being ended.\n  drained.\n",
    );
    expect(await found([standing, access({})])).toBeUndefined();
  });

  it("An API that does not answer the question leaves kubectl's refusal as it is", async () => {
    const api = fakeApi(({ path }) => {
      if (path === "/v1/whoami") return { person: "alice", groups: [], roles: [] };
      throw new Error("route-not-found");
    });
    expect(await missing({}, api)).toBeUndefined();
  });
});

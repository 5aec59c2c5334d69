/**
 * Decisions at the same moment, over HTTP, at several environments of the API's function: of each
 * pair exactly one stands, and the other is answered that it came too late. Then people take the ways around claims
 * that `policy prove` prints: a few of them, and with `EVERY_HOLE=1` all of them.
 */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import type { ErrorCode } from "../../shared/domain/values/errors.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { type AbuseSandbox, expectProblem, newFolder, startAbuseSandbox } from "./abuse-sandbox.ts";
import { type ApiAnswer, editIn } from "./api-person.ts";
import { letPeopleIn } from "./hole-roles.ts";
import { join } from "./overseas-access.ts";
import { addHoles, playedHoles, playHole } from "./played-holes.ts";
import { sampleAccess } from "./sample-access.ts";

/** How many pairs of a kind race, all at once. */
const PAIRS = 10;
/** The answers to the loser of a race: the page on problems has both. */
const LATE: readonly [ErrorCode, ErrorCode] = ["illegal-transition", "version-conflict"];

/** A few, one after the other, unless all are wanted: that takes minutes. */
const HOLES = playedHoles().filter(
  (_hole, at) => process.env["EVERY_HOLE"] !== undefined || at % 9 === 1,
);

/** The sample, with carol and mallory as leads beside bob, and with holes. */
const threeLeads = () =>
  sampleAccess((file) => {
    for (const person of ["carol", "mallory"]) join(file, person, "payments-leads");
    addHoles(file, HOLES);
  });

let sandbox: AbuseSandbox;
let letInAt = 0;
beforeAll(async () => {
  sandbox = await startAbuseSandbox(newFolder(), threeLeads());
  for (const { people } of HOLES) await letPeopleIn(sandbox, people);
  letInAt = Date.now();
});
afterAll(async () => {
  await sandbox.stop();
});

interface Act {
  readonly by: string;
  readonly verdict: "approve" | "deny";
}
const by = (person: string, verdict: Act["verdict"]): Act => ({ by: person, verdict });

/** The state of a request after a verdict. */
const STATES = { approve: "approved", deny: "denied" } as const;

const decide = (act: Act, { id, digest }: RequestAnswer): Promise<ApiAnswer> =>
  sandbox.person(act.by).post(`/v1/requests/${id}/decision`, { verdict: act.verdict, digest });

/** Asked for so far ahead that nothing is lent while they race. */
const asked = (namespace: string) =>
  sandbox.person("alice").ask({
    access: editIn(namespace),
    startsAt: new Date(Date.now() + 3_600_000).toISOString(),
    duration: "5m",
  });

const read = async ({ id }: RequestAnswer, rest = "") =>
  (await sandbox.person(rest === "/events" ? "dave" : "bob").get(`/v1/requests/${id}${rest}`)).body;

/** Has the same two acts race on many requests at once. */
async function race(name: string, acts: readonly [Act, Act]) {
  const requests = await Promise.all(
    Array.from({ length: PAIRS }, (_, n) => asked(`payments-${name}-${n}`)),
  );
  return Promise.all(
    requests.map(async (request) => ({
      request,
      answers: await Promise.all(acts.map((act) => decide(act, request))),
    })),
  );
}

/** Ends the approved requests, since a person may have only this number of grants on a cluster. */
async function cancelApproved() {
  const alice = sandbox.person("alice");
  const { requests } = (await sandbox.person("carol").get("/v1/grants")).body;
  await Promise.all(
    requests.map(async (grant: RequestAnswer) => {
      await alice.post(`/v1/requests/${grant.id}/cancel`, {});
      await alice.until(grant, ["ended"]);
    }),
  );
}

describe("Two concurrent decisions", () => {
  afterEach(async () => {
    await cancelApproved();
    expect(sandbox.eksChanges()).toEqual([]);
  });

  it.each<readonly [string, string, Act, Act]>([
    ["an approval and a denial", "split", by("bob", "approve"), by("carol", "deny")],
    ["two approvals", "both", by("carol", "approve"), by("mallory", "approve")],
    ["two denials", "none", by("bob", "deny"), by("mallory", "deny")],
    ["one person's change of mind", "mind", by("bob", "deny"), by("bob", "approve")],
  ])("Two concurrent decisions take effect once: %s", async (_what, name, ...acts) => {
    for (const { request, answers } of await race(name, acts)) {
      const won = acts.filter((_act, n) => answers[n]?.status === 200);
      expect(won).toHaveLength(1);
      const [{ by: winner, verdict } = acts[0]] = won;
      const final = await read(request);
      expect(final).toMatchObject({ state: STATES[verdict], version: 2 });
      expect(final.approvals.map(({ person }: { person: string }) => person)).toEqual(
        verdict === "approve" ? [winner] : [],
      );
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        expectProblem(answer, LATE.find((code) => answer.body.type.endsWith(code)) ?? LATE[0]);
        expect(answer.body.detail).toMatch(/nothing was changed/i);
      }
      const { events } = await read(request, "/events");
      expect(events).toMatchObject([
        { type: "request", actor: "alice" },
        { type: verdict, actor: winner },
      ]);
      expect(verifyChains(events)).toEqual([]);
    }
  });

  it("Two concurrent approvals by one person take effect once, and both succeed", async () => {
    for (const { request, answers } of await race("twice", [
      by("bob", "approve"),
      by("bob", "approve"),
    ])) {
      const final = await read(request);
      expect(final.approvals.map(({ person }: { person: string }) => person)).toEqual(["bob"]);
      expect(answers.map(({ status, body }) => [status, body.version])).toEqual([
        [200, 2],
        [200, 2],
      ]);
      expect((await read(request, "/events")).events).toHaveLength(2);
    }
  });
});

/** A role that is younger may be another one of its name: two clocks may differ as much. */
const OLD_ENOUGH_MS = 10_000;

describe("The way around a claim", () => {
  beforeAll(() => pause(Math.max(0, letInAt + OLD_ENOUGH_MS - Date.now())));

  it.each(HOLES)(
    "It ends in access to the cluster where $name",
    async (hole) => {
      const requests = await playHole(sandbox, hole);
      expect(requests).not.toEqual([]);
      for (const { by: asker, grants } of requests)
        await sandbox.person(asker).post(`/v1/requests/${grants[0]?.id}/return`, {});
    },
    200_000,
  );
});

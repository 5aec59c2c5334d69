/**
 * The functions' clocks off by five seconds either way, through the real bundles: whole lives of
 * grants, held against the sandbox's own records, which keep true time.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import { type AuditEvent, callsIn } from "../../shared/domain/requests/audit-event.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import {
  type AbuseSandbox,
  type LoggedCall,
  newFolder,
  startAbuseSandbox,
} from "./abuse-sandbox.ts";
import { editIn } from "./api-person.ts";

const SECOND = 1_000;
/** The sandbox's own setting: the time between the removal of access and its latest end. */
const MARGIN = 10 * SECOND;

/** By how many seconds the clock of each function is ahead. */
interface Clocks {
  readonly api: number;
  readonly converge: number;
  readonly sweep: number;
}

interface Life {
  readonly sandbox: AbuseSandbox;
  /** Each as its requester saw it last. */
  readonly expired: RequestAnswer;
  readonly returned: RequestAnswer;
  readonly histories: readonly (readonly AuditEvent[])[];
  readonly changes: readonly LoggedCall[];
}

/** Two grants on one entry: one is given back once it is there, the other one runs out. */
async function live(clocks: Clocks): Promise<Life> {
  const off = Object.entries(clocks).flatMap(([name, seconds]) => [
    "--clock",
    `${name}=${seconds < 0 ? "" : "+"}${seconds}s`,
  ]);
  const more = ["--minute-seconds", "1", ...off];
  const sandbox = await startAbuseSandbox(newFolder(), undefined, more);
  const [alice, bob] = [sandbox.person("alice"), sandbox.person("bob")];
  const short = await bob.approve(await alice.ask({ duration: "35s" }));
  const long = await bob.approve(
    await alice.ask({ duration: "2m", access: editIn("payments-worker") }),
  );
  await alice.until(long, ["active"]);
  expect((await alice.post(`/v1/requests/${long.id}/return`, {})).status).toBe(200);
  const returned = await alice.until(long, ["ended"]);
  const expired = await alice.until(short, ["ended", "failed"], 60);
  const histories = await Promise.all(
    [short, long].map(
      async ({ id }) => (await sandbox.person("dave").get(`/v1/requests/${id}/events`)).body.events,
    ),
  );
  return { sandbox, expired, returned, histories, changes: sandbox.eksChangeCalls() };
}

const time = (instant: string | null | undefined): number => Date.parse(instant ?? "");

/** The instants that a request must have from this state on, in their order. */
const STAMPS = ["createdAt", "approvedAt", "effectiveAt", "endedAt"] as const;
const NEEDED: Readonly<Partial<Record<RequestAnswer["state"], number>>> = {
  pending: 1,
  approved: 2,
  active: 3,
  ended: 4,
};

/** The faults of the times in an answer: one that is missing, or is before one that it follows. */
function faultsOf(request: RequestAnswer): readonly string[] {
  const stamps = STAMPS.map((name) => [name, request[name]] as const);
  const missing = stamps.slice(0, NEEDED[request.state] ?? 1).filter(([, at]) => at === null);
  const stamped = stamps.filter(([, at]) => at !== null);
  const negative = stamped.filter(([, at], n) => n > 0 && time(at) < time(stamped[n - 1]?.[1]));
  const deadline =
    request.approvedAt !== null &&
    !(
      time(request.approvedAt) < time(request.revokeAt) &&
      time(request.expiresAt) - time(request.revokeAt) === MARGIN
    );
  return [...missing, ...negative]
    .map(([name]) => `${request.state} ${name}`)
    .concat(deadline ? ["revokeAt"] : []);
}

/** The worst for an end that is late, and the worst for one that is early. */
const CLOCKS: readonly Clocks[] = [
  { api: 5, converge: -5, sweep: -5 },
  { api: -5, converge: 5, sweep: 5 },
];

describe("Function clocks that are wrong by five seconds either way", () => {
  let lives: readonly (Life & { readonly clocks: Clocks })[] = [];
  beforeAll(async () => {
    lives = await Promise.all(CLOCKS.map(async (clocks) => ({ ...(await live(clocks)), clocks })));
  });
  afterAll(() => Promise.all(lives.map(({ sandbox }) => sandbox.stop())));

  it("With wrong clocks, access becomes active, and its end is reported with the right reason", () => {
    for (const { expired, returned, histories } of lives) {
      expect(expired).toMatchObject({ state: "ended", outcome: { code: "expired" } });
      expect(returned).toMatchObject({ state: "ended", outcome: { code: "returned" } });
      // A removal that no read can prove yet is put on record as evidence.
      const steps = histories.map((events) =>
        events.map(({ type }) => type).filter((type) => type !== "evidence"),
      );
      expect(steps).toEqual([
        ["request", "approve", "activate", "expire", "settle"],
        ["request", "approve", "activate", "return", "settle"],
      ]);
    }
  });

  it("With wrong clocks, access is removed by expiresAt, and not before revokeAt by converge's clock", () => {
    for (const { expired, changes, clocks } of lives) {
      const deletions = changes.filter(({ operation }) => operation === "DeleteAccessEntry");
      expect(deletions).toMatchObject([{ status: 200 }]);
      expect(changes.at(-1)).toEqual(deletions[0]);
      const gone = time(deletions[0]?.at);
      expect(gone).toBeGreaterThanOrEqual(
        time(expired.expiresAt) - MARGIN - Math.max(0, clocks.converge) * SECOND,
      );
      expect(gone).toBeLessThanOrEqual(time(expired.expiresAt) + 5 * SECOND);
    }
  });

  it("With wrong clocks, every answer and event has all its times, in order", () => {
    for (const { sandbox, histories } of lives) {
      const requests = sandbox.heard
        .map(({ answer }) => answer.body)
        .filter((body): body is RequestAnswer => typeof body?.createdAt === "string");
      expect(requests.length).toBeGreaterThan(10);
      expect(new Set(requests.flatMap(faultsOf))).toEqual(new Set());
      for (const events of histories) {
        const times = events.map(({ at }) => time(at));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(verifyChains(events)).toEqual([]);
      }
    }
  });

  it("With wrong clocks, the audit trail names exactly the calls that changed access, by AWS's request ids", () => {
    for (const { histories, changes, clocks } of lives) {
      const recorded = histories
        .flat()
        .flatMap(callsIn)
        .filter(({ operation, result }) => /Access/.test(operation) && result === "ok");
      const byRequestId = new Map(recorded.map((call) => [call.requestId, call]));
      expect([...byRequestId.keys()].sort()).toEqual(
        changes.map(({ requestId }) => requestId).sort(),
      );
      for (const { requestId, operation, at } of changes) {
        const call = byRequestId.get(requestId);
        expect(call?.operation).toBe(operation);
        // By converge's clock, which is off by five seconds, and a call takes its time.
        const off = (time(call?.at) - time(at)) / SECOND - clocks.converge;
        expect(Math.abs(off)).toBeLessThan(5);
      }
    }
  });
});

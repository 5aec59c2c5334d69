/** The story: what happens, who does it, and what must be seen. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Action } from "./access-review.ts";
import { clockText, secondsText } from "./clock-text.ts";
import type { Narrator } from "./narrator.ts";
import { MARGIN_SECONDS, type Pace, windowSeconds } from "./pace.ts";
import { answerLines, type Grant, type People, principalArn } from "./people.ts";
import type { CanI } from "./report.ts";
import type { Outcome } from "./run-client.ts";
import { must, RanOut, type Steps } from "./steps.ts";
import { until, waitFor } from "./until.ts";

export const CLUSTER = "prod";

export interface Scene {
  readonly people: People;
  readonly steps: Steps;
  readonly narrator: Narrator;
  /** The sandbox's folder, where timelatch runs. */
  readonly dir: string;
  readonly signal: AbortSignal;
  /** Told each time alice has asked kubectl about payments-api at a moment that counts. */
  readonly noteCanI: (moment: keyof CanI, answer: boolean) => void;
}

const deployIn = (namespace: string): Action => ({
  verb: "create",
  resource: "deployments",
  namespace,
});
/** What AmazonEKSViewPolicy, carol's own, does not allow. */
const DELETE_SYSTEM_PODS: Action = { verb: "delete", resource: "pods", namespace: "kube-system" };

const EDIT = "AmazonEKSEditPolicy";
const CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy on the whole cluster";
const CAROLS_OWN = "AmazonEKSViewPolicy on the whole cluster";

/** Beyond a grant's end, before it is called a failure. */
const PATIENCE_MS = 60_000;
/** Slack of the first attempt, and of the last. */
const SLACK = { first: 3, last: 27 };

const editArgs = (namespace: string, seconds: number, reason: string) => [
  ...["request", "--yes", "--cluster", CLUSTER, "--policy", EDIT, "--namespace", namespace],
  ...["--duration", `${seconds}s`, "--reason", reason],
];

const same = (seen: readonly string[], expected: readonly string[]) =>
  JSON.stringify(seen) === JSON.stringify(expected);

const listed = (texts: readonly string[]) => (texts.length === 0 ? "nothing" : texts.join("; "));

const said = (outcome: Outcome) =>
  `exit status ${outcome.code}: ${answerLines(outcome, 1).join("")}`;

/** Ends of `timelatch request` that leave a request behind: done, and with `--wait`, in vain. */
const MADE: readonly number[] = [0, 7];

/** The id that `timelatch request` told: as its answer, or with `--wait` as progress. */
const idIn = (outcome: Outcome): string => {
  const { code, stdout, stderr } = outcome;
  const [id] = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(`${stderr}${stdout}`) ?? [];
  must(MADE.includes(code) && id !== undefined, `timelatch request ended with ${said(outcome)}`);
  return id;
};

/** Plays everything. Rejects at the first step that is not as told. */
export async function play(scene: Scene): Promise<void> {
  const { steps, narrator } = scene;
  const began = Date.now();
  const before = await beforeAnyoneAsks(scene);
  const mark = steps.results.length;
  const ids = await lendInTime();
  await provesIt(scene, began, ids);

  /** A grant that ends before it was looked at is no failure: the next ones last longer. */
  async function lendInTime(): Promise<readonly string[]> {
    for (let slack = SLACK.first; ; slack *= 3) {
      try {
        return await lend(scene, { ...before, slack });
      } catch (error) {
        if (!(error instanceof RanOut) || slack >= SLACK.last) throw error;
        narrator.note(`This machine was too slow for grants so short (${error.message}).`);
        narrator.note("Once more with longer ones, as soon as these are over.");
        steps.rewind(mark);
        await allOver(scene, before.carol);
      }
    }
  }
}

interface Before {
  /** carol's entry as it stands, to compare. */
  readonly carol: string;
  readonly roundSeconds: number;
}

function beforeAnyoneAsks({ people, steps, noteCanI }: Scene): Promise<Before> {
  return steps.step("before", "Before anyone asks", async (show) => {
    const started = performance.now();
    const [entries, verdict, standing] = await show(
      people.entries("alice"),
      people.canI("alice", deployIn("payments-api")),
      people.policies("carol"),
    );
    const roundSeconds = (performance.now() - started) / 1000;
    noteCanI("before", verdict === "yes");
    must(!entries.includes(principalArn("alice")), "alice has an access entry already");
    must(verdict === "unauthorized", `kubectl answered alice ${verdict}, though she has no entry`);
    must(same(standing, [CAROLS_OWN]), `carol's standing entry has ${listed(standing)}`);
    const carol = await people.entryOf("carol");
    must(carol !== undefined, "carol has no standing entry");
    return {
      detail: "alice has no access entry, and kubectl does not let her in; carol may view, always",
      value: { carol: carol.identity, roundSeconds },
    };
  });
}

/** When access of a grant begins to go, and by when it is gone, in milliseconds. */
interface Terms {
  readonly id: string;
  readonly revokeAt: number;
  readonly expiresAt: number;
}

async function termsOf(people: People, id: string, outcome: Outcome): Promise<Terms> {
  const { state, revokeAt, expiresAt } = await people.grantOf(id);
  must(revokeAt !== null && expiresAt !== null, `the request is ${state}; ${said(outcome)}`);
  const terms = { id, revokeAt: Date.parse(revokeAt), expiresAt: Date.parse(expiresAt) };
  must(outcome.code === 0, `--wait ended with ${said(outcome)}`, terms.revokeAt);
  return terms;
}

/** From the first request to the last end. Answers the requests' ids. */
async function lend(scene: Scene, pace: Pace & Before): Promise<readonly string[]> {
  const { id, roundSeconds } = await aliceAsks(scene, pace);
  const measured = { ...pace, roundSeconds };
  const first = await bobApproves(scene, id);
  const second = await overlap(scene, first, measured);
  const emergency = await breakGlass(scene, measured);
  await firstEnds(scene, first, second);
  await carolIsAsBefore(scene, emergency, pace.carol);
  await secondEnds(scene, second);
  return [first.id, second.id, emergency.id];
}

function aliceAsks({ people, steps }: Scene, pace: Pace) {
  const seconds = windowSeconds("first", pace) + MARGIN_SECONDS;
  return steps.step(
    "request",
    "alice asks; neither mallory nor she can approve it",
    async (show) => {
      const [asked] = await show(
        people.timelatch("alice", editArgs("payments-api", seconds, "INC-4711 stuck rollout"), 3),
      );
      const id = idIn(asked);
      const started = performance.now();
      const [seen, forged, own] = await show(
        people.timelatch("mallory", ["show", id], 1),
        people.timelatch("mallory", ["approve", id, "--yes"], 1),
        people.timelatch("alice", ["approve", id, "--yes"], 1),
      );
      const round = (performance.now() - started) / 1000;
      must(seen.code === 4, `mallory's show ended with ${said(seen)}`);
      must(forged.code === 4, `mallory's approval ended with ${said(forged)}`);
      must(
        own.code === 3 && own.stderr.includes("self-approval"),
        `alice's own approval ended with ${said(own)}`,
      );
      const { state } = await people.grantOf(id);
      must(state === "pending", `the request is ${state}`);
      return {
        detail: "for mallory the request does not exist; alice may not approve her own",
        value: { id, roundSeconds: Math.max(round, pace.roundSeconds) },
      };
    },
  );
}

function bobApproves({ people, steps, noteCanI }: Scene, id: string): Promise<Terms> {
  return steps.step("approval", "bob approves, and waits until it is there", async (show) => {
    const [approved] = await show(people.timelatch("bob", ["approve", id, "--yes", "--wait"], 2));
    const first = await termsOf(people, id, approved);
    const [policies, inApi, inSystem] = await show(
      people.policies("alice"),
      people.canI("alice", deployIn("payments-api")),
      people.canI("alice", deployIn("kube-system")),
    );
    noteCanI("during", inApi === "yes");
    must(
      same(policies, [`${EDIT} in payments-api`]),
      `alice's entry has ${listed(policies)}`,
      first.revokeAt,
    );
    must(inApi === "yes", `kubectl answered ${inApi} in payments-api`, first.revokeAt);
    must(inSystem === "no", `kubectl answered ${inSystem} in kube-system`, first.revokeAt);
    return {
      detail: "alice's entry has just what was approved: yes in payments-api, no in kube-system",
      value: first,
    };
  });
}

function overlap({ people, steps }: Scene, first: Terms, pace: Pace): Promise<Terms> {
  return steps.step("overlap", "A second grant of alice overlaps the first", async (show) => {
    const left = Math.ceil((first.revokeAt - Date.now()) / 1000);
    const seconds = Math.max(0, left) + windowSeconds("second", pace) + MARGIN_SECONDS;
    const [asked] = await show(
      people.timelatch("alice", editArgs("payments-worker", seconds, "INC-4711 its queue, too"), 2),
    );
    const id = idIn(asked);
    const [approved] = await show(people.timelatch("bob", ["approve", id, "--yes", "--wait"], 1));
    const second = await termsOf(people, id, approved);
    const [policies, inApi, inWorker] = await show(
      people.policies("alice"),
      people.canI("alice", deployIn("payments-api")),
      people.canI("alice", deployIn("payments-worker")),
    );
    must(
      same(policies, [`${EDIT} in payments-api, payments-worker`]),
      `alice's entry has ${listed(policies)}`,
      first.revokeAt,
    );
    must(inApi === "yes", `kubectl answered ${inApi} in payments-api`, first.revokeAt);
    must(inWorker === "yes", `kubectl answered ${inWorker} in payments-worker`, first.revokeAt);
    return { detail: "one entry, one policy, the scopes of both grants", value: second };
  });
}

function breakGlass({ people, steps }: Scene, pace: Pace): Promise<Terms> {
  return steps.step(
    "break-glass",
    "carol breaks the glass, on her standing entry",
    async (show) => {
      const seconds = windowSeconds("breakGlass", pace) + MARGIN_SECONDS;
      const [asked] = await show(
        people.timelatch(
          "carol",
          [
            ...[
              "request",
              "--yes",
              "--cluster",
              CLUSTER,
              "--policy",
              "AmazonEKSClusterAdminPolicy",
            ],
            ...["--cluster-scope", "--duration", `${seconds}s`],
            ...["--reason", "INC-4711 coredns is down", "--wait"],
          ],
          1,
        ),
      );
      const id = idIn(asked);
      const terms = await termsOf(people, id, asked);
      const [policies, verdict] = await show(
        people.policies("carol"),
        people.canI("carol", DELETE_SYSTEM_PODS),
      );
      must(
        same(policies, [CLUSTER_ADMIN, CAROLS_OWN]),
        `carol's entry has ${listed(policies)}`,
        terms.revokeAt,
      );
      must(verdict === "yes", `kubectl answered carol ${verdict}`, terms.revokeAt);
      return {
        detail: "cluster admin beside her own view, at once and without approval",
        value: terms,
      };
    },
  );
}

/** Waits until a grant's end was seen, and answers when that was. */
async function seeEnd(
  { narrator, signal }: Scene,
  what: string,
  { revokeAt, expiresAt }: Terms,
  over: () => Promise<boolean>,
): Promise<number> {
  const done = narrator.waiting(
    `${what} ends at ${clockText(revokeAt)}, latest ${clockText(expiresAt)}`,
    revokeAt,
  );
  try {
    await waitFor(revokeAt, signal);
    await until(over, expiresAt + PATIENCE_MS, signal);
    return Date.now();
  } finally {
    done();
  }
}

const early = (gone: number, { expiresAt }: Terms) =>
  `${secondsText(expiresAt - gone)} before its deadline`;

/** The promise itself: access is gone by `expiresAt`, and the broker's record says so too. */
async function mustHaveEndedInTime(
  { people, signal }: Scene,
  gone: number,
  { id, expiresAt }: Terms,
): Promise<void> {
  must(gone <= expiresAt, `access was there until ${clockText(gone)}, after its deadline`);
  let grant: Grant | undefined;
  await until(
    async () => {
      grant = await people.grantOf(id);
      return grant.state === "ended";
    },
    Date.now() + PATIENCE_MS,
    signal,
  );
  must(grant?.state === "ended", `the request is ${grant?.state}, though its access is gone`);
}

function firstEnds(scene: Scene, first: Terms, second: Terms): Promise<void> {
  const { people, steps } = scene;
  return steps.step("first-ends", "The first grant ends by itself", async (show) => {
    const left = [`${EDIT} in payments-worker`];
    const gone = await seeEnd(scene, "payments-api", first, async () =>
      same((await people.entryOf("alice"))?.policies ?? [], left),
    );
    const [policies, inApi, inWorker] = await show(
      people.policies("alice"),
      people.canI("alice", deployIn("payments-api")),
      people.canI("alice", deployIn("payments-worker")),
    );
    must(same(policies, left), `alice's entry has ${listed(policies)}`, second.revokeAt);
    must(inApi === "no", `kubectl answered ${inApi} in payments-api`, second.revokeAt);
    must(inWorker === "yes", `kubectl answered ${inWorker} in payments-worker`, second.revokeAt);
    await mustHaveEndedInTime(scene, gone, first);
    return {
      detail: `payments-api was gone at ${clockText(gone)}, ${early(gone, first)}; payments-worker stays`,
      value: undefined,
    };
  });
}

function carolIsAsBefore(scene: Scene, emergency: Terms, before: string): Promise<void> {
  const { people, steps } = scene;
  const title = "carol's standing entry is as it was";
  return steps.step("standing-restored", title, async (show) => {
    const isBack = async () => (await people.entryOf("carol"))?.identity === before;
    await seeEnd(scene, "cluster admin", emergency, isBack);
    const [policies, verdict] = await show(
      people.policies("carol"),
      people.canI("carol", DELETE_SYSTEM_PODS),
    );
    must(same(policies, [CAROLS_OWN]), `carol's entry has ${listed(policies)}`);
    must(verdict === "no", `kubectl answered carol ${verdict}`);
    const now = await people.entryOf("carol");
    must(now?.identity === before, `carol's entry was ${before} and is ${now?.identity}`);
    const { endedAt } = await people.grantOf(emergency.id);
    must(
      endedAt !== null && Date.parse(endedAt) <= emergency.expiresAt,
      `her break-glass ended at ${endedAt}`,
    );
    return {
      detail: "the same ARN, creation, groups, policies and scopes as before",
      value: undefined,
    };
  });
}

function secondEnds(scene: Scene, second: Terms): Promise<void> {
  const { people, steps, noteCanI } = scene;
  return steps.step("second-ends", "The second grant ends, and the entry with it", async (show) => {
    const gone = await seeEnd(
      scene,
      "payments-worker",
      second,
      async () => (await people.entryOf("alice")) === undefined,
    );
    const [entries, verdict] = await show(
      people.entries("alice"),
      people.canI("alice", deployIn("payments-api")),
    );
    noteCanI("after", verdict === "yes");
    must(!entries.includes(principalArn("alice")), "alice still has an access entry");
    must(verdict === "unauthorized", `kubectl answered alice ${verdict}`);
    await mustHaveEndedInTime(scene, gone, second);
    return {
      detail: `alice's entry was gone at ${clockText(gone)}, ${early(gone, second)}`,
      value: undefined,
    };
  });
}

async function allOver({ people, signal }: Scene, carol: string): Promise<void> {
  const over = await until(
    async () =>
      (await people.entryOf("alice")) === undefined &&
      (await people.entryOf("carol"))?.identity === carol,
    Date.now() + 10 * PATIENCE_MS,
    signal,
  );
  must(over, "the grants of a first attempt did not end");
}

const TRAIL = "audit.ndjson";
const EDITED = "edited.ndjson";

function provesIt({ people, steps, narrator, dir }: Scene, began: number, ids: readonly string[]) {
  return steps.step("audit", "dave exports the audit trail, and proves it", async (show) => {
    const from = new Date(began).toISOString();
    const [exported] = await show(
      people.timelatch("dave", ["audit", "export", "--from", from, "--out", TRAIL], 1),
    );
    must(exported.code === 0, `the export ended with ${said(exported)}`);
    const trail = readFileSync(path.join(dir, TRAIL), "utf8");
    const missing = ids.filter((id) => !trail.includes(id));
    must(missing.length === 0, `the trail has nothing of ${listed(missing)}`);
    const edited = trail.replace('"actor":"bob"', '"actor":"mallory"');
    must(edited !== trail, "the trail has no approval by bob");
    writeFileSync(path.join(dir, EDITED), edited);
    narrator.note(`${EDITED} is a copy in which mallory approved, not bob`);
    const [holds, found] = await show(
      people.timelatch("dave", ["audit", "verify", TRAIL], 1),
      people.timelatch("dave", ["audit", "verify", EDITED], 1),
    );
    must(holds.code === 0, `the trail does not hold: ${said(holds)}`);
    must(found.code === 8, `a copy that names another approver was let pass: ${said(found)}`);
    return {
      detail: "the trail holds; a copy that names another approver is found out",
      value: undefined,
    };
  });
}

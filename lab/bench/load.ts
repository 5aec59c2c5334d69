/** How the broker answers, and whether access ends in time, while many people ask, approve and return at once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { EKSClient, paginateListAccessEntries } from "@aws-sdk/client-eks";
import {
  profileKeys,
  type SandboxProcess,
  startSandboxProcess,
} from "../../test/e2e/sandbox-process.ts";
import { boundsReport } from "./bounds-report.ts";
import { CLUSTER, signInCrowd, writeCrowdPolicy } from "./load/crowd.ts";
import { loadFigures } from "./load/figures.ts";
import { loadPerson, type Person, playLife } from "./load/life.ts";
import { removalsIn } from "./load/removals.ts";
import { newTally, type Tally } from "./load/tally.ts";
import type { Suite } from "./report.ts";

interface Load {
  readonly people: number;
  /** The time during which people begin new grants. */
  readonly seconds: number;
  /** How often each person asks. Their turns are spread evenly. */
  readonly turnSeconds: number;
}

const WHOLE: Load = { people: 200, seconds: 300, turnSeconds: 150 };
const QUICK: Load = { people: 20, seconds: 20, turnSeconds: 20 };

/**
 * A sandbox's sweep usually runs twelve times as frequently as on AWS. Here it runs six times as
 * frequently.
 */
const PACE = ["--minute-seconds", "10"];

/** The broker takes a role that is hardly older than a request for another one of its name. */
const ROLE_AGE_MS = 4_000;

export const benchLoad: Suite = async (progress, { quick }) => {
  const load = quick ? QUICK : WHOLE;
  const root = mkdtempSync(path.join(tmpdir(), "timelatch-bench-"));
  let sandbox: SandboxProcess | undefined;
  try {
    const policy = path.join(root, "access.yaml");
    writeCrowdPolicy(policy, load.people);
    progress("Start of a sandbox");
    const dir = path.join(root, "sandbox");
    sandbox = await startSandboxProcess(["--dir", dir, ...PACE], { TIMELATCH_ACCESS: policy });
    progress(`${load.people} people sign in`);
    const keys = await signInCrowd(sandbox, load.people);
    await pause(ROLE_AGE_MS);
    const tally = newTally();
    const { apiUrl } = sandbox;
    const people = keys.map((own) => loadPerson(apiUrl, own, tally));
    progress(`They ask, approve and return for ${load.seconds} s`);
    await playLoad(load, people, tally);
    const removals = await removalsIn(path.join(dir, "logs", "aws-calls.log"));
    const entriesLeft = await crowdEntries(sandbox);
    const figures = loadFigures({ tally, removals, entriesLeft });
    const report = boundsReport(figures, "", { ...load, errors: Object.fromEntries(tally.errors) });
    const errors = [...tally.errors].map(([what, count]) => `  ${count} × ${what}`);
    return { ...report, lines: [...errors, ...report.lines] };
  } finally {
    await sandbox?.stop();
    rmSync(root, { recursive: true, force: true });
  }
};

/** Every person's turns, until the last grant has ended. */
async function playLoad(load: Load, people: readonly Person[], tally: Tally): Promise<void> {
  const begun = Date.now();
  const until = (at: number) => pause(Math.max(0, begun + at * 1_000 - Date.now()));
  await Promise.all(
    people.map(async (person, at) => {
      const approver = people[(at + 1) % people.length] ?? person;
      const first = (at * load.turnSeconds) / people.length;
      for (let turn = 0; first + turn * load.turnSeconds < load.seconds; turn += 1) {
        await until(first + turn * load.turnSeconds);
        // Each person returns every second grant, and half of them the first.
        await playLife(person, approver, (at + turn) % 2 === 0, tally);
      }
    }),
  );
}

/** How many of the crowd's roles have an entry. */
async function crowdEntries(sandbox: SandboxProcess): Promise<number> {
  const client = new EKSClient({
    endpoint: sandbox.awsUrl,
    region: "us-west-2",
    credentials: profileKeys(sandbox, "admin"),
  });
  let count = 0;
  for await (const { accessEntries = [] } of paginateListAccessEntries(
    { client },
    { clusterName: CLUSTER },
  ))
    count += accessEntries.filter((arn) => arn.includes(":role/people/load-")).length;
  return count;
}

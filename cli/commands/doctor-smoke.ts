import { randomBytes } from "node:crypto";
import path from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { clusterOf } from "../../shared/domain/values/arn.ts";
import { writeFile } from "../audit/write-file.ts";
import { answer, type Context } from "../context.ts";
import {
  type Gate,
  type SmokeClients,
  sessionClients,
  smokeClients,
} from "../doctor/aws/smoke-clients.ts";
import type { Patient } from "../doctor/check-result.ts";
import { stackName } from "../doctor/expected-names.ts";
import { deployedFacts } from "../doctor/smoke/deployed-facts.ts";
import type { SearchedPlace } from "../doctor/smoke/leftovers.ts";
import type { Part } from "../doctor/smoke/part.ts";
import { PARTS } from "../doctor/smoke/part-list.ts";
import { shown } from "../doctor/smoke/report/redactable.ts";
import { smokeDocument, smokeReport } from "../doctor/smoke/report/smoke-report.ts";
import { smokeText } from "../doctor/smoke/report/smoke-text.ts";
import type { Session, SessionEnd } from "../doctor/smoke/session.ts";
import { demandFit, smokeClusters } from "../doctor/smoke/smoke-clusters.ts";
import { demandDeployed, notWell, question } from "../doctor/smoke/smoke-failures.ts";
import { cleanSession, playSession } from "../doctor/smoke/smoke-session.ts";
import { type Pace, paceOf } from "../doctor/smoke/stage.ts";
import { Failure } from "../failures/failure.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";

export interface SmokeOptions extends ConfirmOptions {
  /** Names of the policy. */
  readonly clusters: readonly string[];
  /** Names of parts. */
  readonly only?: readonly string[];
  /** Why, for the request of the part that asks for access. */
  readonly reason?: string;
  /** Plays nothing, and removes what earlier runs left. */
  readonly clean?: boolean;
  /** A file for the report, as JSON. */
  readonly report?: string;
}

/** For tests: what calls pass through, and a quicker pace. */
export interface SmokeInTest {
  readonly gate?: Gate;
  readonly pace?: Partial<Pace>;
}

/**
 * `timelatch doctor --smoke`: settles by experiment what AWS does not document, on scratch resources of its own. It
 * removes them whatever happens.
 *
 * @throws Failure `usage`; `unwell` where something is not as Timelatch needs it, or something is left; `interrupted`
 */
export async function doctorSmoke(
  context: Context,
  folder: string,
  profiles: ReadonlyMap<string, string>,
  patient: Patient,
  options: SmokeOptions,
  inTest: SmokeInTest = {},
): Promise<void> {
  checkConfirmable(context, options);
  const parts = chosenParts(options.only);
  const session = await sessionOf(context, folder, profiles, patient, options, parts, inTest);
  showBeforeAsking(context, options, question(session, options.clean === true));
  await confirm(context, options, options.clean ? "Remove it?" : "Begin?");
  const end = options.clean ? await cleanSession(session) : await playSession(session);
  if (options.report !== undefined) await writeReport(options.report, end, patient, context);
  answer(context, documentOf(end), () => smokeText(end, context.screen.out, shown));
  const failure = notWell(end);
  if (failure) throw failure;
}

const REASON = "Smoke test of this deployment by timelatch doctor";

async function sessionOf(
  context: Context,
  folder: string,
  profiles: ReadonlyMap<string, string>,
  patient: Patient,
  { clusters: names, clean = false, reason = REASON }: SmokeOptions,
  parts: readonly Part[],
  { gate, pace }: SmokeInTest,
): Promise<Session> {
  const { policy, deployment, account, region, broker, others } = patient;
  if (names.length === 0 && !clean) throw nameless();
  const clusters = smokeClusters(policy, names);
  const sightOf = (id: string) => (id === account ? broker : others.get(id));
  await demandFit(clusters, sightOf);
  const contents = await broker.stackContents(stackName(deployment), region);
  const deployed = demandDeployed(
    contents && deployedFacts(contents, { account, region }, deployment),
  );
  return {
    context,
    parts,
    file: path.join(folder, "timelatch-smoke.journal"),
    places: placesOf(patient, deployed.group),
    clientsThrough: (guard) => {
      const through = both(guard, gate);
      return {
        clients: clientsBy(profiles, account, region, through),
        clientsWith: (keys) => sessionClients(region, keys, through),
      };
    },
    stage: {
      policy,
      deployed,
      clusters,
      slackApi: patient.slackApi,
      now: Date.now,
      run: randomBytes(4).toString("hex"),
      pace: { ...paceOf(deployed.settings), ...pace },
      profiles,
      ownRole: patient.ownRole,
      sights: { broker, others },
      asker: { context, reason, signsAsOwnRole: patient.ownRole !== undefined },
    },
  };
}

const nameless = () =>
  new Failure("usage", "usage", {
    what: "--smoke names no cluster.",
    notDone: "Nothing was made.",
    next: [
      "Next: name one on which a scratch access entry may be made: timelatch doctor --smoke <cluster>",
    ],
  });

/** First one gate, then the other. */
const both =
  (first: Gate, second: Gate | undefined): Gate =>
  (command, send) =>
    first(command, () => (second ? second(command, send) : send()));

/** The caller's own credentials are those of the broker's account. */
function clientsBy(
  profiles: ReadonlyMap<string, string>,
  account: string,
  home: string,
  gate: Gate,
) {
  const made = new Map<string, SmokeClients>();
  return (id: string, region = home): SmokeClients | undefined => {
    const profile = profiles.get(id);
    if (id !== account && profile === undefined) return undefined;
    const key = `${id} ${region}`;
    const known =
      made.get(key) ??
      smokeClients({ region, ...(profile === undefined ? {} : { profile }) }, gate);
    made.set(key, known);
    return known;
  };
}

/** Every place with clusters of the policy, and the broker's. */
function placesOf({ policy, account, region }: Patient, group: string): readonly SearchedPlace[] {
  const live = Object.values(policy.clusters).filter(({ retired }) => !retired);
  const at = new Map<string, string[]>([[`${account} ${region}`, []]]);
  for (const { arn } of live) {
    const place = clusterOf(arn);
    const key = `${place.account} ${place.region}`;
    at.set(key, [...(at.get(key) ?? []), arn]);
  }
  return [...at].map(([key, clusters]) => {
    const [id = "", where = ""] = key.split(" ");
    const isBrokers = id === account && where === region;
    return { account: id, region: where, group, isBrokers, clusters };
  });
}

function chosenParts(only: readonly string[] | undefined): readonly Part[] {
  const names = PARTS.map(({ name }) => name);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Failure("usage", "usage", {
      what: `There is no part ${unknown}.`,
      notDone: "Nothing was made.",
      next: [`Next: choose from ${names.join(", ")}.`],
    });
  return PARTS.filter(({ name, onlyByName }) => only?.includes(name) ?? !onlyByName);
}

const documentOf = (end: SessionEnd) => ({
  ok: notWell(end) === undefined,
  ...smokeDocument(end, shown),
});

/** Beside the JSON is the same as text. */
async function writeReport(
  file: string,
  end: SessionEnd,
  { region }: Patient,
  { now }: Context,
): Promise<void> {
  const head = { timelatch: manifest.version, node: process.version, madeAt: now(), region };
  const { json, text } = smokeReport(end, head);
  await writeFile(file, [json]);
  await writeFile(`${file.replace(/\.json$/, "")}.txt`, [text]);
}

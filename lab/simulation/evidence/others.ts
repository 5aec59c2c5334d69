/** Changes of access entries by others, as CloudTrail shows them: who made each, and what becomes of it. */
import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import { grantSessionName } from "../../../shared/domain/entries/session-name.ts";
import { clusterOf } from "../../../shared/domain/values/arn.ts";
import type { EntryAddress } from "../../../shared/ports/access-entries.ts";
import type { MemoryAccessEntries } from "../../fakes/memory-access-entries.ts";
import type { MemoryTables } from "../../fakes/memory-tables.ts";
import type { Cause } from "../oracle/evidence-truth.ts";
import type { Random } from "../random.ts";
import {
  ACCOUNT,
  CLUSTERS,
  EDIT,
  EKS_SERVICE,
  fuseRoleIn,
  PIPELINE,
  REGION,
  role,
} from "../sim-policy.ts";
import type { VirtualTime } from "../virtual-time.ts";
import { type Caller, type EksChange, grantorRole } from "./eks-change.ts";
import { callsBetween, type EntryCall } from "./entry-calls.ts";
import type { SimTrail } from "./sim-trail.ts";

export interface OthersOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly trail: SimTrail;
  readonly tables: MemoryTables;
  readonly entries: MemoryAccessEntries;
}

/**
 * The maker of a change; the session of a role that assumes the grantor's may be somebody's grant.
 */
type Who = "owner" | "pipeline" | "service" | "grantor" | "grantor-in-session" | "fuse";

const BECOMES: Readonly<Record<Who, "finding" | "expected">> = {
  owner: "finding",
  pipeline: "expected",
  service: "expected",
  grantor: "finding",
  "grantor-in-session": "finding",
  fuse: "finding",
};

const OWNERS: readonly Who[] = [
  "owner",
  "owner",
  "owner",
  "owner",
  "pipeline",
  "pipeline",
  "grantor",
  "grantor-in-session",
  "grantor-in-session",
  "fuse",
];

const HOUR = 3_600_000;

/** An entry that no grant is about. */
const BYSTANDER = role("mallory");
const UNLISTED = `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/unlisted`;
const LENDS_ALL: EntryCall = {
  operation: "AssociateAccessPolicy",
  target: EDIT,
  elements: ["ns/kube-system"],
};

export class Others {
  readonly #options: OthersOptions;
  #requestIds = 0;

  constructor(options: OthersOptions) {
    this.#options = options;
  }

  /** Plans what strangers do in the first hour. */
  begin(strangers: number): void {
    const { time, random } = this.#options;
    for (let left = strangers; left > 0; left -= 1)
      time.after(random.between(0, HOUR), () => this.#stranger());
  }

  /** Somebody changed an entry by hand. */
  changed(
    address: EntryAddress,
    before: ActualEntry | undefined,
    after: ActualEntry | undefined,
  ): void {
    const who = this.#options.random.pick(OWNERS);
    const clusterArn = CLUSTERS[address.cluster.name] ?? "";
    for (const call of callsBetween(before, after))
      this.#log({ ...call, clusterArn, principalArn: address.principalArn }, who, BECOMES[who]);
  }

  /** Somebody changes an entry that no grant is about, or one in a way that no grant is. */
  #stranger(): void {
    const { random } = this.#options;
    const clusterArn = random.pick([CLUSTERS["one"], CLUSTERS["two"], CLUSTERS["far"]]) ?? "";
    const change = { ...LENDS_ALL, clusterArn, principalArn: BYSTANDER };
    const who = random.pick(["owner", "pipeline", "service", "grantor", "fuse"] as const);
    switch (random.whole(1, 6)) {
      case 1:
        this.#log({ ...change, errorCode: "AccessDeniedException" }, "owner", "nothing");
        return;
      case 2:
        this.#log({ ...change, clusterArn: UNLISTED }, "owner", "nothing");
        return;
      case 3:
        this.#log({ ...change, clusterArn: UNLISTED }, "grantor", "finding");
        return;
      case 4:
        this.#forge();
        return;
      case 5:
        this.#log({ ...change, ...this.#lentEntry() }, "grantor-in-session", "finding");
        return;
      default:
        this.#log(change, who, BECOMES[who]);
    }
  }

  /** Somebody forges a record of more than a call of ours did, under the call's own request id. */
  #forge(): void {
    const { entries, random } = this.#options;
    const calls = entries.calls.filter(({ result }) => result === "ok");
    if (calls.length === 0) return;
    const requestId = random.pick(calls).requestId ?? "";
    const change = { ...LENDS_ALL, ...this.#lentEntry(), requestId };
    this.#log(change, random.pick(["owner", "grantor"]), "finding");
  }

  /** The entry of some grant. */
  #lentEntry(): Pick<EksChange, "clusterArn" | "principalArn"> {
    const { tables, random } = this.#options;
    const requests = [...tables.requests.values()];
    if (requests.length === 0)
      return { clusterArn: CLUSTERS["one"] ?? "", principalArn: BYSTANDER };
    const { cluster, principalArn } = random.pick(requests);
    return { clusterArn: cluster.arn, principalArn };
  }

  #log(
    change: EntryCall &
      Pick<EksChange, "clusterArn" | "principalArn"> &
      Partial<Pick<EksChange, "requestId" | "errorCode">>,
    who: Who,
    becomes: Extract<Cause, { kind: "outside" }>["becomes"],
  ): void {
    const { trail, time } = this.#options;
    this.#requestIds += 1;
    const requestId = `other-${this.#requestIds}`;
    const caller = this.#callerFor(who, change);
    const made = { requestId, errorCode: null, at: time.now, ...change, caller };
    trail.log(made, { kind: "outside", becomes });
  }

  #callerFor(who: Who, change: EntryCall & Pick<EksChange, "clusterArn" | "principalArn">): Caller {
    const { account } = clusterOf(change.clusterArn);
    const grantor = grantorRole(change.operation, account);
    const made = (roleArn: string, sessionName: string): Caller => ({
      kind: "role",
      roleArn,
      sessionName,
    });
    switch (who) {
      case "owner":
        return made(role("owners"), "owner@example.com");
      case "pipeline":
        return made(PIPELINE, "deploy-4711");
      case "service":
        return { kind: "service", name: EKS_SERVICE };
      case "grantor":
        return made(grantor, "timelatch-debug");
      case "grantor-in-session":
        return made(grantor, this.#sessionOn(change));
      case "fuse":
        return made(fuseRoleIn(account), "scheduler");
    }
  }

  /** The session of some grant on the entry. */
  #sessionOn({ clusterArn, principalArn }: Pick<EksChange, "clusterArn" | "principalArn">): string {
    const { tables, random } = this.#options;
    const grants = [...tables.requests.values()].filter(
      (each) => each.cluster.arn === clusterArn && each.principalArn === principalArn,
    );
    return grants.length > 0 ? grantSessionName(random.pick(grants).id) : "timelatch-debug";
  }
}

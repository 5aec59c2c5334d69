/**
 * `access.yaml`, parsed and validated: who may borrow what, and who must approve. Bundled with the
 * functions, so a policy change is a reviewed code change.
 */
import type { ExpectedPrincipal } from "../evidence/calls/expected-principal.ts";
import type { OutsideIds } from "../facts/on-call-schedule.ts";
import type { AskedOfTicket, ServicesOutside } from "../facts/tracker.ts";
import type { PersonIdentities, PolicyIdentity } from "../people/sign-in.ts";
import type { Requirement } from "../requests/request.ts";
import type { Surface } from "../requests/surface.ts";
import type { ArchivePolicy } from "./archive.ts";
import type { Hours } from "./hours.ts";

export interface AccessPolicy extends ServicesOutside {
  readonly version: 1;
  /** SHA-256 over all other fields. Every decision records it. */
  readonly hash: string;
  /** The name of the deployment, which `deploymentOf` reads. Absent where the file names none. */
  readonly deployment?: string;
  readonly clusters: Readonly<Record<string, PolicyCluster>>;
  /** Absent where nobody has a personal role, and the file does not say where the broker is. */
  readonly identity?: PolicyIdentity;
  readonly people: Readonly<Record<string, Person>>;
  readonly roles: Readonly<Record<PolicyRole, readonly string[]>>;
  /** Absent where the broker does not use Slack. */
  readonly slack?: SlackWorkspace;
  /** The media for notices, besides Slack. Absent where there is no other. */
  readonly notices?: NoticeMedia;
  /** Others who may change access entries. Absent where nobody is expected to. */
  readonly expected?: readonly ExpectedPrincipal[];
  /** Absent where nobody may let another person approve for them. */
  readonly delegations?: DelegationPolicy;
  /** How the archive is kept. Absent where the file leaves it to `ARCHIVE_BY_DEFAULT`. */
  readonly archive?: ArchivePolicy;
  readonly rules: readonly Rule[];
}

/** How people may let others approve for them. */
interface DelegationPolicy {
  readonly longestSeconds: number;
  /** Groups of which a delegate has to be in one. Absent where anybody may be a delegate. */
  readonly toGroups?: readonly string[];
}

/** Where the broker speaks in Slack, and to whose people. */
interface SlackWorkspace {
  /** The workspaces (`T…`) and organisations (`E…`) whose people may use it. */
  readonly teams: readonly string[];
  /** The app's id, such as `A0001`: calls of any other app are refused. Absent where it is not checked. */
  readonly app?: string;
  /** The approvers' channel of every rule that names none, such as `C0001`. */
  readonly channel: string;
  /** The channel for alarms: break-glass. */
  readonly alarms: string;
}

/** Media for notices that need no more than a sender. */
interface NoticeMedia {
  /** Absent where nobody is written e-mail. */
  readonly email?: EmailNotices;
}

/** How the broker sends e-mail, by Amazon SES in its own account and region. */
export interface EmailNotices {
  /** The sender's address. */
  readonly from: string;
  /** The configuration set of each message. */
  readonly configurationSet: string;
}

/** The media of notices, in the order in which they are asked. */
export const MEDIA = ["slack", "email"] as const;

export type Medium = (typeof MEDIA)[number];

/** Admins may revoke any grant; auditors may read everything. */
export type PolicyRole = "admins" | "auditors";

export interface PolicyCluster {
  readonly arn: string;
  /** No new access is granted there, but existing grants still end. */
  readonly retired: boolean;
  /** Absent where nobody asks the cluster's audit log what was done with a grant. */
  readonly activity?: ActivityPolicy;
}

/** That the cluster's audit log is read at the end of each grant, and how much of it at most. */
export interface ActivityPolicy {
  /** The most that may be scanned for one grant, in GB of 10^9 bytes. */
  readonly maxScanGb: number;
}

export interface Person {
  readonly email: string;
  readonly groups: readonly string[];
  readonly identities: PersonIdentities;
  /**
   * The principals that may be elevated for the person. A personal role has one in each account
   * where a rule reaches the person.
   */
  readonly principals: readonly string[];
  /** The name of the role that Timelatch makes for the person. Absent where it makes none. */
  readonly personalRole?: string;
  /** Their ids at other services. Absent where the file has no such id. */
  readonly outside?: OutsideIds;
  /** Absent for people. A machine asks, and decides nothing, whatever groups it is in. */
  readonly machine?: MachineTerms;
  /** The media of their notices. Absent for Slack where they have it, and for e-mail otherwise. */
  readonly notify?: readonly Medium[];
}

/** The people behind a machine: they get its messages, and may end its grants. */
export interface MachineTerms {
  /** Groups, of whose members each person is an owner. */
  readonly owners: readonly string[];
  /** Whether its owners' approvals count for it. */
  readonly ownersApprove: boolean;
}

/** Those who may ask: the people named, and members of any of the groups. */
export interface Who {
  readonly people: readonly string[];
  readonly groups: readonly string[];
  /** A schedule of the policy: only those of them may ask who are on call in it. Absent for everybody. */
  readonly onCall?: string;
}

/** The access that a rule lends. */
export type RuleAccess =
  | {
      readonly policies: readonly string[];
      readonly scope: "cluster";
      /** Present where a request has to be for the whole cluster, and for no namespaces of it. */
      readonly exactly?: true;
    }
  | {
      readonly policies: readonly string[];
      /** Names, or patterns. */
      readonly namespaces: readonly string[];
      /** Whether a request may ask for a pattern as well as for names. */
      readonly wildcards: boolean;
    }
  | { readonly groups: readonly string[] };

export interface Rule extends AskedOfTicket {
  readonly name: string;
  readonly who: Who;
  readonly clusters: readonly string[];
  readonly access: RuleAccess;
  readonly duration: { readonly maxSeconds: number; readonly defaultSeconds: number | null };
  /** When a request and its start may be; null for always. */
  readonly hours: Hours | null;
  /** How often the policy itself approves a person's requests; null for any number. */
  readonly atMost: { readonly times: number; readonly perSeconds: number } | null;
  /** How far after its request a start may lie. */
  readonly startLatestSeconds: number;
  /** How long a request waits for a decision. Then it lapses. */
  readonly lapseSeconds: number;
  /** All must be met, each by different people; empty if the policy itself approves. */
  readonly approval: readonly Requirement[];
  /** In place of none, for a machine and for whoever asks through a program. Absent where they need none either. */
  readonly agents?: readonly Requirement[];
  readonly reason: { readonly minLength: number; readonly ticket: string | null };
  /** Present where access ends with its requester's shift at the latest. */
  readonly endsWithShift?: true;
  /** Absent where a grant of the rule cannot be extended. */
  readonly extend?: RuleExtension;
  /** Lends without an approver, and only as the last choice or by name. */
  readonly breakGlass: boolean;
  /** The review of each grant; absent unless the rule is a break-glass rule. */
  readonly review?: RuleReview;
  /** Allows lending to a principal that several people hold. */
  readonly sharedPrincipals: boolean;
  /** Allows people who hold the principal to approve. */
  readonly approverMayHoldPrincipal: boolean;
  /** Allows lending to principals in another account than the cluster's. */
  readonly foreignPrincipals: boolean;
  /** Whether an approver may let another person decide for them. */
  readonly delegable: boolean;
  /** The surfaces on which an approver may decide. */
  readonly decideIn: readonly Surface[];
  readonly notify: RuleNotices;
  /** Absent where nobody is reminded. */
  readonly remind?: RuleReminders;
}

/** When approvers are reminded of a pending request. The pauses double. */
interface RuleReminders {
  /** From the request to the first reminder. */
  readonly afterSeconds: number;
  readonly times: number;
}

/** Those who close the review of each break-glass of a rule, and its deadline. */
export interface RuleReview {
  readonly by: readonly string[];
  readonly withinSeconds: number;
  /** Whether a person with an overdue review is refused the rule. */
  readonly block: boolean;
}

/** How far grants of a rule can be extended. */
export interface RuleExtension {
  /** How many extensions may follow a grant, one after the other. */
  readonly times: number;
  /** From the first grant's start to the last extension's end, in seconds. */
  readonly totalSeconds: number;
  /** `same`: an extension needs the approvals of the rule. `none`: the policy approves it. */
  readonly approval: ExtensionApproval;
}

export const EXTENSION_APPROVALS = ["none", "same"] as const;

type ExtensionApproval = (typeof EXTENSION_APPROVALS)[number];

/** The receivers of messages about a rule's requests. */
interface RuleNotices {
  /** The approvers' channel; absent for the workspace's. */
  readonly channel?: string;
  /** Whether everyone who can decide gets a message of their own: ten people at most. */
  readonly direct: boolean;
}

/** A person of the policy, by name. */
export interface Member extends Person {
  readonly name: string;
}

/** The cluster of that name in the file; undefined for an unknown name. */
export const clusterNamed = (policy: AccessPolicy, name: string): PolicyCluster | undefined =>
  Object.hasOwn(policy.clusters, name) ? policy.clusters[name] : undefined;

export function memberOf(policy: AccessPolicy, name: string): Member | undefined {
  const person = Object.hasOwn(policy.people, name) ? policy.people[name] : undefined;
  return person && { name, ...person };
}

const shares = (a: readonly string[], b: readonly string[]) => a.some((one) => b.includes(one));

export const matchesWho = (who: Who, member: Member) =>
  who.people.includes(member.name) || shares(who.groups, member.groups);

/** Whether it only asks: a pipeline, an agent or a bot. */
export const isMachine = ({ machine }: { readonly machine?: unknown }): boolean =>
  machine !== undefined;

/** A machine has no role, whatever groups it is in. */
export const hasRole = (policy: AccessPolicy, member: Member, role: PolicyRole): boolean =>
  !isMachine(member) && shares(policy.roles[role], member.groups);

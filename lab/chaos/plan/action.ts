/** The actions of a plan, as data. Each kind has its deed in `lab/chaos/deeds`. */
import type { FORGERIES, ROLES } from "./forgeries.ts";
import type { TermsName } from "./terms.ts";

/** A life is one request, by the number that the plan gave it. */
interface OnLife {
  readonly life: number;
  readonly person: string;
  /** Whether it waits for no other action of the life: people act on one request at the same instant. */
  readonly isContested?: true;
  /** Whether they do it in Slack, at a button or by the command, and not with the HTTP API. */
  readonly inSlack?: true;
  /**
   * Faults that begin when they see the button, just before they press it. They wait for it for as
   * long as notify may need.
   */
  readonly onSight?: readonly AwsFault[];
}

/**
 * A rule of the sandbox's table of faults, without its end: the fault, and the calls that it
 * strikes.
 */
type FaultRule = Readonly<Record<string, string | number>>;

/** The access of somebody beside the broker: namespaces of one policy, on a principal's entry. */
interface OwnersAccess {
  /** The claim that the access belongs to: claims have numbers of their own. */
  readonly claim: number;
  readonly cluster: string;
  /** A person of the sandbox, or the name of a role that the broker never lends to. */
  readonly principal: string;
}

/** Its rule, and for how long it strikes. */
interface AwsFault {
  readonly rule: FaultRule;
  readonly seconds: number;
}

interface Kinds {
  readonly ask: OnLife & {
    readonly terms: TermsName;
    readonly seconds: number;
    /** In place of the namespaces of its terms: nothing else that is asked for is the same. */
    readonly namespace?: string;
    /** The ticket that they name. */
    readonly ticket?: string;
    /** Whether they fill in Slack's form for it. */
    readonly byForm?: true;
  };
  readonly approve: OnLife;
  readonly deny: OnLife;
  readonly cancel: OnLife;
  readonly return: OnLife;
  readonly revoke: OnLife;
  readonly escalate: OnLife;
  /** Asks for more time on the grant of another life. */
  readonly extend: OnLife & { readonly of: number; readonly seconds: number };
  readonly delegate: { readonly person: string; readonly to: string; readonly seconds: number };
  /** Stops a person, and lifts that again. */
  readonly suspend: { readonly by: string; readonly whom: string; readonly seconds: number };
  /** An administrator of the account associates a policy around the broker. */
  readonly claim: OwnersAccess & {
    readonly policy: string;
    readonly namespaces: readonly string[];
  };
  /** They take it back. */
  readonly release: OwnersAccess;
  /** They remove what a grant lends. */
  readonly strip: { readonly life: number };
  /** Somebody deletes a cluster, and makes another one of its name after these seconds. */
  readonly "remake-cluster": { readonly name: string; readonly seconds: number };
  /** Somebody deletes the role that a person is lent access for, and makes another one of its name. */
  readonly "remake-role": { readonly person: string; readonly seconds: number };
  /** Somebody with exactly the rights of a function writes about the grants of a person. */
  readonly intrude: {
    readonly role: (typeof ROLES)[number];
    readonly forgery: (typeof FORGERIES)[number];
    readonly victim: string;
    /** Seed of what is drawn once the tables are seen. */
    readonly dice: number;
  };
  /** An administrator restores tables to an instant, and has the broker take them in place of the present ones. */
  readonly "restore-tables": {
    readonly tables: readonly (typeof RESTORABLE)[number][];
    /** How long before the deed that instant is. */
    readonly seconds: number;
    /** Whether they drain the broker first, as the runbook says. */
    readonly isDrained: boolean;
  };
  readonly "aws-fault": AwsFault;
  readonly "slack-fault": { readonly rule: FaultRule; readonly seconds: number };
  /** How services fail that are asked for facts. */
  readonly "outside-fault": { readonly rule: FaultRule; readonly seconds: number };
  /** One person is on call from now on, and nobody afterwards. */
  readonly shift: { readonly person: "carol" | "dave"; readonly seconds: number };
  /** A ticket of alice's in Jira has a status from now on. */
  readonly ticket: { readonly ticket: string; readonly status: "indeterminate" | "done" };
  /** How badly Scheduler keeps time, for a while. */
  readonly schedules: { readonly behaviour: FaultRule; readonly seconds: number };
  /** Kills with -9 what runs of a function. */
  readonly "kill-function": { readonly name: string };
  /** Every process of a function stands still for these seconds. */
  readonly "stop-function": { readonly name: string; readonly seconds: number };
  /** DynamoDB Local stands still for these seconds. */
  readonly "stop-tables": { readonly seconds: number };
  /** Kills the sandbox with -9, and starts it again after these seconds. */
  readonly "kill-sandbox": {
    readonly seconds: number;
    /** By function, how far its clock is off from then on: `+1s`. */
    readonly clocks: Readonly<Record<string, string>>;
  };
}

export type ActionKind = keyof Kinds;

/** An action, with its time in milliseconds after the run's begin. */
export type ActionOf<Kind extends ActionKind> = Kinds[Kind] & {
  readonly at: number;
  readonly kind: Kind;
};

export type Action = { readonly [Kind in ActionKind]: ActionOf<Kind> }[ActionKind];

/** Tables that the runbook restores. It forbids that of the audit table. */
const RESTORABLE = ["requests", "ledger"] as const;

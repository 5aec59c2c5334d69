/** Resources that a smoke test makes, and has to remove again. Pure. */
import { clusterOf } from "../../../shared/domain/values/arn.ts";
import { named, type RedactableText, redactable } from "./report/redactable.ts";

/** Every name begins so. */
export const PREFIX = "timelatch-smoke";

/** The path of every role. */
export const ROLE_PATH = `/${PREFIX}/`;

interface InAccount {
  /** Twelve digits. */
  readonly account: string;
}

interface InPlace extends InAccount {
  readonly region: string;
  readonly name: string;
}

/** Types of logs of a control plane, but for the audit log. */
export type LogType = "scheduler" | "controllerManager" | "authenticator" | "api";

export type Thing =
  | (InAccount & { readonly kind: "role"; readonly name: string })
  | {
      readonly kind: "entry";
      /** The cluster's ARN. */
      readonly cluster: string;
      readonly principalArn: string;
    }
  | (InPlace & { readonly kind: "schedule"; readonly group: string })
  /** A type of a cluster's own logs, which is to be off again. Its name is the cluster's. */
  | (InPlace & { readonly kind: "log"; readonly log: LogType })
  | (InPlace & { readonly kind: "queue" | "table" | "alarm" | "stack" });

/** The same for the same thing. */
export const keyOf = (thing: Thing): string =>
  JSON.stringify(Object.entries(thing).sort(([a], [b]) => (a < b ? -1 : 1)));

/** In this order they are removed: a schedule before what it would act on, an entry before its role. */
const ORDER: readonly Thing["kind"][] = [
  ...(["schedule", "entry", "role", "queue", "table", "alarm", "stack", "log"] as const),
];

export const inOrder = (things: readonly Thing[]): readonly Thing[] =>
  things.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));

export function thingText(thing: Thing): RedactableText {
  if (thing.kind === "entry") {
    const { name } = clusterOf(thing.cluster);
    return redactable`the access entry of ${named("role", thing.principalArn.slice(thing.principalArn.lastIndexOf("/") + 1))} on ${named("cluster", name)}`;
  }
  const account = named("account", thing.account);
  if (thing.kind === "role") return redactable`the role ${named("role", thing.name)} in ${account}`;
  const place = redactable`${account}, ${named("region", thing.region)}`;
  return redactable`${KINDS[thing.kind]} ${named(NAMES[thing.kind], thing.name)} in ${place}`;
}

const KINDS = {
  schedule: redactable`the schedule`,
  queue: redactable`the queue`,
  table: redactable`the table`,
  alarm: redactable`the alarm`,
  stack: redactable`the stack`,
  log: redactable`one of the logs of`,
};

const NAMES = {
  schedule: "resource",
  queue: "queue",
  table: "table",
  alarm: "alarm",
  stack: "stack",
  log: "cluster",
} as const;

/** The common members of events of the Open Cybersecurity Schema Framework. */
import { clusterOf } from "../../values/arn.ts";

/** The members of every event. Classes have more members. */
export interface OcsfEvent {
  readonly category_uid: number;
  readonly class_uid: number;
  readonly activity_id: number;
  readonly type_uid: number;
  readonly severity_id: number;
  readonly status_id: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

export const SUCCESS = 1;
export const FAILURE = 2;
const INFORMATIONAL = 1;
const MEDIUM = 3;

/** @param severity else by the status */
export const base = (
  category: number,
  classUid: number,
  activity: number,
  statusId: number,
  severity = statusId === FAILURE ? MEDIUM : INFORMATIONAL,
) => ({
  category_uid: category,
  class_uid: classUid,
  activity_id: activity,
  type_uid: classUid * 100 + activity,
  severity_id: severity,
  status_id: statusId,
});

/** @param at ISO 8601 UTC */
export const when = (at: string) => ({ time: Date.parse(at), time_dt: at });

/** `log_version` is that of this mapping. It grows when the same event is mapped otherwise. */
export const METADATA = {
  version: "1.8.0",
  product: { name: "Timelatch", vendor_name: "Timelatch" },
  profiles: ["cloud", "datetime"],
  log_version: "3",
} as const;

const AWS_ACCOUNT = 10;

export const cloudAt = ({
  region,
  account,
}: {
  readonly region: string;
  readonly account: string;
}) => ({
  cloud: { provider: "AWS", region, account: { uid: account, type_id: AWS_ACCOUNT } },
});

export const PERSON = 1;
export const SYSTEM = 3;
const SERVICE = 4;

/** The type of who asked: a machine of `access.yaml` is a service account. */
export const askerType = ({ machine }: { readonly machine?: true }) => (machine ? SERVICE : PERSON);

/** `timelatch` and `policy:<rule>` are no people. */
export const actorOf = (actor: string, type = PERSON) => ({
  name: actor,
  type_id: actor === "timelatch" || actor.startsWith("policy:") ? SYSTEM : type,
});

/** Another number than those of the schema: a text beside it says more. */
export const OTHER = 99;

const TARGET = 1;

/** The cluster as the target of what happened. @param name in `access.yaml`; else EKS's */
export const clusterResource = (arn: string, name = clusterOf(arn).name) => ({
  uid: arn,
  name,
  type: "AWS::EKS::Cluster",
  region: clusterOf(arn).region,
  role_id: TARGET,
});

const APPLICATION = 6;
const API_ACTIVITY = 6003;

/** Create, Update or Delete, by the operation's name. */
const ACTIVITIES: Readonly<Record<string, number>> = {
  CreateAccessEntry: 1,
  AssociateAccessPolicy: 1,
  UpdateAccessEntry: 3,
  DeleteAccessEntry: 4,
  DisassociateAccessPolicy: 4,
};

/** Category, class and activity of a call to EKS. */
export const apiActivity = (operation: string) =>
  [APPLICATION, API_ACTIVITY, ACTIVITIES[operation] ?? OTHER] as const;

export const EKS = { name: "eks.amazonaws.com" } as const;

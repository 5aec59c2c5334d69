/**
 * The doctor's view of a deployment. Every call reads, and none changes anything. A missing part is
 * undefined; one that could not be read throws `Unread`.
 */

import type { RestoredTable } from "../deployment/restored-tables.ts";
import type { RoleRights } from "./iam/expected-roles.ts";
import type { StackContents } from "./iam/stack-values.ts";

/** One account, in the region of the question. */
export interface AccountSight {
  caller(): Promise<{ readonly account: string; readonly arn: string }>;
  role(name: string): Promise<RoleSight | undefined>;
  roleQuota(): Promise<{ readonly roles: number; readonly quota: number }>;
  cluster(arn: string): Promise<ClusterSight | undefined>;
  /** The trails that record calls of a region. */
  trails(region: string): Promise<readonly TrailSight[]>;
  /** The alarms of a region whose names begin so. */
  alarms(prefix: string, region: string): Promise<readonly AlarmSight[]>;
  /** The state of a group of schedules. */
  scheduleGroup(name: string, region: string): Promise<string | undefined>;
  queue(name: string, region: string): Promise<QueueSight | undefined>;
  stack(name: string, region: string): Promise<StackSight | undefined>;
  /**
   * The template and parameters that a stack was last deployed with, and the names of its
   * resources. A stack set of that name may have made it.
   */
  stackContents(name: string, region: string): Promise<StackContents | undefined>;
  /** Trust and permissions of a role. */
  roleRights(name: string): Promise<RoleRights | undefined>;
}

/** The broker's account and region besides. */
export interface BrokerSight extends AccountSight {
  /** The limits of the account in the region. */
  concurrency(): Promise<{ readonly limit: number; readonly unreserved: number }>;
  /** The part that converge reserves, by the stack's name; undefined where it reserves nothing. */
  convergeReserves(stackName: string): Promise<number | undefined>;
  /** A table, by its name or ARN. */
  table(name: string): Promise<RestoredTable | undefined>;
  /** The type of a parameter. Its value is not asked for. */
  parameterType(name: string): Promise<string | undefined>;
  /** Whether the caller's credentials may assume a role. */
  assumes(roleArn: string): Promise<boolean>;
  readonly mail: MailSight;
}

/** Amazon SES, in the account and region of the broker. */
export interface MailSight {
  account(): Promise<{
    readonly isOutOfSandbox: boolean;
    readonly maySend: boolean;
    /** `HEALTHY`, `PROBATION` or `SHUTDOWN` */
    readonly enforcement: string;
  }>;
  /** Whether an address or a domain is verified for sending. */
  isVerified(identity: string): Promise<boolean>;
  /** The types of events that a configuration set reports. */
  eventTypes(configurationSet: string): Promise<readonly string[] | undefined>;
  /** Every address that SES accepts mail for and sends none. */
  suppressed(): Promise<readonly string[]>;
}

/** The addresses reached over the network, without credentials. */
export interface NetworkSight {
  /** The answer of an address: its status, and the time that its server gives, ISO 8601 UTC. */
  visit(url: string): Promise<{ readonly status: number; readonly date: string | undefined }>;
}

export interface RoleSight {
  readonly arn: string;
  /** The trust policy, as JSON. */
  readonly trust: unknown;
}

export interface ClusterSight {
  readonly mode: string | undefined;
  readonly status: string | undefined;
  readonly auditLog: boolean;
}

export interface TrailSight {
  readonly name: string;
  readonly isLogging: boolean;
  readonly recordsChanges: boolean;
}

export interface StackSight {
  readonly status: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly isProtected: boolean;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface QueueSight {
  readonly visibilitySeconds: number;
  readonly hasDeadLetters: boolean;
  /** Whether its policy refuses calls without TLS. */
  readonly demandsTls: boolean;
}

export interface AlarmSight {
  readonly name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA` */
  readonly state: string;
  readonly actions: number;
}

/** A read failed, so that nothing is known. */
export class Unread extends Error {
  override readonly name = "Unread";
  /** AWS's name of the error. */
  readonly code: string;
  constructor(what: string, code: string, options?: ErrorOptions) {
    super(what, options);
    this.code = code;
  }
}

import { Aws } from "aws-cdk-lib";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { readerRoleArn } from "../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { correlateStatements, EVENT_FINDINGS } from "../permissions/correlate-statements.ts";
import type { StackSettings } from "../synth/settings.ts";
import { hubBusOf, placesOf, type Topology } from "../synth/topology.ts";
import { BrokerFunction } from "./broker-function.ts";
import { EvidenceQueue } from "./evidence-queue.ts";
import { ForwardRole } from "./forward-role.ts";
import type { NotifyQueue } from "./notify-queue.ts";
import { consume } from "./queue-source.ts";
import type { Schedules } from "./schedules.ts";
import type { Tables } from "./tables.ts";
import { TrailBus } from "./trail-bus.ts";

export interface CorrelationProps {
  readonly settings: StackSettings;
  /** `access.yaml` as a JSON file. */
  readonly accessFile: string;
  readonly access: AccessPolicy;
  readonly topology: Topology;
  readonly tables: Tables;
  readonly schedules: Schedules;
  /** Each finding wakes notify. */
  readonly notifyQueue: NotifyQueue;
}

/** Compares CloudTrail's events with the broker's own calls: the rule, its queue and correlate. */
export class Correlation extends Construct {
  readonly correlate: BrokerFunction;
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, props: CorrelationProps) {
    super(scope, id);
    const { settings, accessFile, tables, schedules, notifyQueue } = props;
    const evidence = new EvidenceQueue(this, "Evidence", settings);
    this.deadLetters = evidence.deadLetters;
    this.#fromElsewhere(evidence, props);
    // In the stack itself, as all functions are, so that their names have one form.
    this.correlate = new BrokerFunction(scope, "CorrelateFunction", {
      name: "correlate",
      timeoutSeconds: settings.correlateTimeoutSeconds,
      memoryMegabytes: 256,
      environment: {
        REQUESTS_TABLE: tables.requests.tableName,
        AUDIT_TABLE: tables.audit.tableName,
        EVIDENCE_QUEUE_URL: evidence.queue.queueUrl,
        NOTIFY_QUEUE_URL: notifyQueue.queue.queueUrl,
        FUSE_ROLE_ARN: schedules.fuseRoleArn,
        BROKER_ACCOUNT: Aws.ACCOUNT_ID,
        SETTINGS: JSON.stringify(settings.broker),
      },
      settings,
      accessFile,
      statements: correlateStatements(tables, evidence.queue, notifyQueue, readersOf(props)),
      findings: EVENT_FINDINGS,
    });
    consume(this, "Source", evidence.queue, this.correlate, settings.correlateConcurrency);
    evidence.searchBy(this.correlate.function);
  }

  /** Only where clusters are in other accounts or regions, which stacks of their own forward from. */
  #fromElsewhere(evidence: EvidenceQueue, { access, topology }: CorrelationProps): void {
    const hubBus = hubBusOf(access, topology);
    if (hubBus === undefined) return;
    const accounts = Object.keys(placesOf(topology));
    evidence.takeFrom(new TrailBus(this, "Trail", accounts).bus);
    // One for the other regions of the broker's account. Each other account has its own.
    if (topology.remoteRegions.length > 0) new ForwardRole(this, "ForwardRole", hubBus.arn);
  }
}

/** The roles under which correlate looks up events: one in each other account with clusters, retired ones too. */
const readersOf = ({ access, topology }: CorrelationProps): readonly string[] =>
  topology.spokes.map((spoke) => readerRoleArn(spoke, "correlate", deploymentOf(access)));

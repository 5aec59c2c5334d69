import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { AttributeType, Billing, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
} from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { ServicesOutside } from "../../shared/domain/facts/tracker.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { outsideTokenOf } from "../../shared/domain/values/outside-token.ts";
import { type OutsideParts, outsideStatements } from "../permissions/outside-statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { deploymentAt } from "../synth/deployment-context.ts";
import { queueNameOf } from "../synth/deployment-names.ts";
import type { StackSettings } from "../synth/settings.ts";
import { BrokerFunction } from "./broker-function.ts";
import { frontEnvironment, type Parts } from "./function-environments.ts";
import { consume } from "./queue-source.ts";
import { parameterArn } from "./slack-parameters.ts";

/** A run looks at ten schedules at once, and a look takes twenty seconds at most. */
const TIMEOUT_SECONDS = 50;

/** Lambda's least for a queue. A service has one message group, so one worker at a time has it. */
const AT_ONCE = 2;

/** Whether access.yaml asks a service outside anything. Without one, nothing here is made. */
export const asksOutside = (access: ServicesOutside): boolean =>
  asksOnCall(access) || asksTickets(access);

/** Whether it asks who is on call. */
export const asksOnCall = ({ schedules }: ServicesOutside): boolean =>
  Object.keys(schedules ?? {}).length > 0;

/** Whether it asks about tickets. */
export const asksTickets = ({ tickets }: ServicesOutside): boolean =>
  Object.keys(tickets ?? {}).length > 0;

/** The table of facts and the queue of outside, which other functions use too. */
export class OutsideStores extends Construct implements OutsideParts {
  readonly facts: TableV2;
  readonly queue: Queue;
  readonly asksTickets: boolean;

  constructor(scope: Construct, id: string, access: ServicesOutside) {
    super(scope, id);
    const text = (name: string) => ({ name, type: AttributeType.STRING });
    this.facts = new TableV2(this, "Facts", {
      partitionKey: text("pk"),
      sortKey: text("sk"),
      billing: Billing.onDemand(),
      timeToLiveAttribute: "ttl",
      // Each item is read again within a minute, and what somebody leaned on is in their request's events.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(this.facts, { DDB3: "Facts are minutes old at most, and are read again." });
    // The clock has everything looked at again, so an older message asks for nothing.
    this.queue = new Queue(this, "Queue", {
      queueName: queueNameOf(deploymentAt(this), "outside"),
      fifo: true,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(TIMEOUT_SECONDS),
      retentionPeriod: Duration.minutes(2),
    });
    acknowledge(this.queue, { SQS3: "A lost message is repeated by the clock within a minute." });
    this.asksTickets = asksTickets(access);
  }
}

export interface OutsideProps {
  readonly settings: StackSettings;
  readonly access: AccessPolicy;
  readonly accessFile: string;
  readonly outside: OutsideParts;
  readonly sweep: BrokerFunction;
  readonly parts: Parts;
}

/** Asks other services who is on call, and what a ticket is. Made only where access.yaml names one. */
export class Outside extends Construct {
  readonly outside: BrokerFunction;

  constructor(scope: Construct, id: string, props: OutsideProps) {
    super(scope, id);
    const { settings, access, accessFile, outside } = props;
    const ticketSweep = outside.asksTickets
      ? ticketSweepFunction(scope, props).function
      : undefined;
    // In the stack itself, as all functions are, so that their names have one form.
    this.outside = new BrokerFunction(scope, "OutsideFunction", {
      name: "outside",
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMegabytes: 256,
      environment: {
        FACTS_TABLE: outside.facts.tableName,
        ...(ticketSweep ? { TICKET_SWEEP_FUNCTION: ticketSweep.functionName } : {}),
        SETTINGS: JSON.stringify(settings.broker),
      },
      settings,
      accessFile,
      statements: outsideStatements(
        outside,
        tokensOf(Stack.of(this), access),
        ticketSweep?.functionArn,
      ),
      isRepeated: asksOnCall(access),
    });
    consume(this, "Source", outside.queue, this.outside, AT_ONCE);
    // Tickets are asked about by messages only.
    if (!asksOnCall(access)) return;
    new Rule(this, "Minute", {
      description: "Starts Timelatch's look at who is on call",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(this.outside.function)],
    });
  }
}

/** Started once tickets were read. It is the sweep in this, and takes none of the sweep's places. */
const ticketSweepFunction = (
  scope: Construct,
  { settings, accessFile, sweep, parts }: OutsideProps,
): BrokerFunction =>
  new BrokerFunction(scope, "TicketSweepFunction", {
    name: "ticket-sweep",
    timeoutSeconds: TIMEOUT_SECONDS,
    memoryMegabytes: 256,
    environment: frontEnvironment(settings, parts),
    settings,
    accessFile,
    statements: [],
    partOf: sweep,
    isRepeated: true,
  });

/** The parameters of the services that the file names, and no other. */
const tokensOf = (stack: Stack, access: AccessPolicy): readonly string[] => {
  const asked = [...Object.values(access.schedules ?? {}), ...Object.values(access.tickets ?? {})];
  const services = new Set(asked.map(({ service }) => service));
  return [...services]
    .sort()
    .map((service) => parameterArn(stack, outsideTokenOf(deploymentOf(access), service)));
};

import { Aws, CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { Activity } from "../constructs/activity.ts";
import { Alarms, type AlarmsProps } from "../constructs/alarms.ts";
import { Archive } from "../constructs/archive.ts";
import { BrokerFunction } from "../constructs/broker-function.ts";
import { ConvergeQueue } from "../constructs/converge-queue.ts";
import { Correlation } from "../constructs/correlation.ts";
import { BrokerDashboard } from "../constructs/dashboard.ts";
import {
  convergeEnvironment,
  frontEnvironment,
  notifyEnvironment,
  type Parts,
} from "../constructs/function-environments.ts";
import { GrantorRoles } from "../constructs/grantor-roles.ts";
import { BrokerHttpApi } from "../constructs/http-api.ts";
import { MailEvents, NotifyQueue } from "../constructs/notify-queue.ts";
import {
  asksOnCall,
  asksOutside,
  asksTickets,
  Outside,
  OutsideStores,
} from "../constructs/outside.ts";
import { consume } from "../constructs/queue-source.ts";
import { roleByName } from "../constructs/role-by-name.ts";
import { Schedules } from "../constructs/schedules.ts";
import { slackFunction } from "../constructs/slack-function.ts";
import { slackParameters } from "../constructs/slack-parameters.ts";
import { Standing } from "../constructs/standing.ts";
import { SweepRule } from "../constructs/sweep-rule.ts";
import { Tables } from "../constructs/tables.ts";
import { activityClusters } from "../permissions/activity-statements.ts";
import { remoteRoleArns } from "../permissions/broker-roles.ts";
import {
  apiStatements,
  convergeFindings,
  convergeStatements,
  sweepStatements,
} from "../permissions/function-statements.ts";
import { notifyRights } from "../permissions/notify-rights.ts";
import { askAboutTickets, askOutside } from "../permissions/outside-statements.ts";
import { reachOf } from "../permissions/reader-reach.ts";
import { standingClusters } from "../permissions/standing-statements.ts";
import { brokerTopics } from "../synth/alarm-topics.ts";
import { ASSEMBLED, assembledOf } from "../synth/assembled.ts";
import { setDeployment } from "../synth/deployment-context.ts";
import type { StackSettings } from "../synth/settings.ts";
import { grantorRoleArns, remotePlaceIn, type Topology } from "../synth/topology.ts";

export interface BrokerStackProps extends StackProps {
  readonly settings: StackSettings;
  /** `access.yaml`, parsed and checked. */
  readonly access: AccessPolicy;
  /** The same as a JSON file, which goes into each bundle. */
  readonly accessFile: string;
  /** The accounts and regions of its clusters. */
  readonly topology: Topology;
}

/** The broker in one account and region. It only composes: each part explains itself. */
export class BrokerStack extends Stack {
  constructor(scope: Construct, id: string, props: BrokerStackProps) {
    // Its deletion takes two steps, since it takes with it what ends live grants.
    super(scope, id, { terminationProtection: true, ...props });
    setDeployment(this, props.access);
    this.templateOptions.metadata = { [ASSEMBLED]: assembledOf(props.access) };
    const tables = new Tables(this, "Tables", props.settings.tables);
    const queue = new ConvergeQueue(this, "Converge", props.settings);
    const schedules = new Schedules(this, "Schedules", queue.queue);
    const notifyQueue = new NotifyQueue(this, "Notify", props.settings);
    const bus = new EventBus(this, "Events", { eventBusName: deploymentOf(props.access) });
    const outside = asksOutside(props.access)
      ? new OutsideStores(this, "OutsideStores", props.access)
      : undefined;
    const parts = { tables, queue, notifyQueue, bus, schedules, ...(outside ? { outside } : {}) };
    const functions = this.#functions(props, parts);
    const { api, converge, sweep, notify } = functions;
    const slack = slackFunction(this, props, parts);
    consume(this, "ConvergeSource", queue.queue, converge, props.settings.convergeConcurrency);
    const { notifyConcurrency, notifyBatch } = props.settings;
    consume(this, "NotifySource", notifyQueue.queue, notify, notifyConcurrency, notifyBatch);
    if (props.access.notices?.email) new MailEvents(this, "MailEvents", notify.function);
    new SweepRule(this, "Sweep", sweep.function);
    const found = this.#evidence(props, parts, functions);
    const { deadLetters: evidenceDeadLetters, ...evidence } = found;
    const http = new BrokerHttpApi(this, "Http", api.function);
    if (slack) http.addSlackRoutes(slack.function);
    const made = { ...functions, ...evidence, ...(slack ? { slack } : {}) };
    this.#alarms(props, parts, made, { http, evidenceDeadLetters });
    this.#grantorRoles(props, made, schedules);
    new CfnOutput(this, "ApiUrl", {
      value: http.url,
      description: "The value of TIMELATCH_API",
    });
  }

  #functions(props: BrokerStackProps, parts: Parts): Functions {
    const { settings, access, accessFile } = props;
    const common = { settings, accessFile };
    const { tables, queue, notifyQueue, schedules, outside } = parts;
    const queues = { converge: queue, notify: notifyQueue };
    const front = frontEnvironment(settings, parts);
    const { botToken } = slackParameters(deploymentOf(access));
    return {
      api: new BrokerFunction(this, "ApiFunction", {
        name: "api",
        timeoutSeconds: 10,
        memoryMegabytes: 512,
        environment: front,
        ...common,
        statements: [...apiStatements(tables, queues), ...askOutside(outside)],
      }),
      converge: new BrokerFunction(this, "ConvergeFunction", {
        name: "converge",
        timeoutSeconds: settings.convergeTimeoutSeconds,
        memoryMegabytes: 512,
        environment: { ...front, ...convergeEnvironment(settings, parts) },
        ...common,
        statements: [
          ...convergeStatements(tables, queues, schedules, grantorsOf(props)),
          ...askAboutTickets(outside),
        ],
        findings: convergeFindings(deploymentOf(access)),
      }),
      sweep: new BrokerFunction(this, "SweepFunction", {
        name: "sweep",
        timeoutSeconds: 50,
        memoryMegabytes: 256,
        environment: front,
        ...common,
        statements: [...sweepStatements(tables, queues), ...askAboutTickets(outside)],
        isRepeated: true,
      }),
      notify: new BrokerFunction(this, "NotifyFunction", {
        name: "notify",
        timeoutSeconds: settings.notifyTimeoutSeconds,
        memoryMegabytes: 256,
        environment: notifyEnvironment(parts, botToken),
        ...common,
        statements: notifyRights(this, access, parts),
      }),
    };
  }

  /** The functions that compare, keep and summarize. None of it can touch access. */
  #evidence(props: BrokerStackProps, parts: Parts, { sweep }: Functions) {
    const { correlate, deadLetters } = new Correlation(this, "Correlation", { ...props, ...parts });
    const { archive } = new Archive(this, "Archive", { ...props, ...parts });
    const activity = this.#activity(props, parts.tables);
    const standing = this.#standing(props, parts);
    const outside = this.#outside(props, parts, sweep);
    return {
      ...{ correlate, deadLetters, archive },
      ...(outside ? { outside } : {}),
      ...(activity ? { activity } : {}),
      ...(standing ? { standing } : {}),
    };
  }

  /** Undefined unless access.yaml switches it on for a cluster. */
  #activity(props: BrokerStackProps, tables: Tables): BrokerFunction | undefined {
    const reach = reachOf("activity", activityClusters(props.access), props);
    return reach && new Activity(this, "Activity", { ...props, reach, tables }).activity;
  }

  /** Undefined unless a cluster is not retired. */
  #standing(props: BrokerStackProps, parts: Parts): BrokerFunction | undefined {
    const reach = reachOf("standing", standingClusters(props.access), props);
    return reach && new Standing(this, "Standing", { ...props, ...parts, reach }).standing;
  }

  /** Undefined unless access.yaml asks a service outside. */
  #outside(props: BrokerStackProps, parts: Parts, sweep: BrokerFunction) {
    const { outside } = parts;
    return outside && new Outside(this, "Outside", { ...props, outside, sweep, parts }).outside;
  }

  /** The alarms that wake an operator, and the page that shows all of them. */
  #alarms(
    { settings, access, topology }: BrokerStackProps,
    { queue, notifyQueue, schedules }: Parts,
    made: MadeFunctions,
    {
      http,
      evidenceDeadLetters,
    }: Pick<AlarmsProps, "evidenceDeadLetters"> & {
      readonly http: BrokerHttpApi;
    },
  ) {
    const alarms = new Alarms(this, "Alarms", {
      topics: brokerTopics(settings.alarmTopics, topology),
      ...lambdasOf(made),
      asksOnCall: asksOnCall(access),
      asksTickets: asksTickets(access),
      serverErrors: (period) => http.serverErrors(period),
      evidenceDeadLetters,
      notifyDeadLetters: notifyQueue.deadLetters,
      convergeQueue: queue.queue,
      convergeDeadLetters: queue.deadLetters,
      scheduleDeadLetters: schedules.deadLetters,
      scheduleGroupName: schedules.groupName,
    });
    if (settings.dashboard) new BrokerDashboard(this, "Dashboard", alarms);
  }

  #grantorRoles(
    { access, topology }: BrokerStackProps,
    functions: MadeFunctions,
    schedules: Schedules,
  ) {
    const account = topology.own;
    if (account === undefined) return;
    const { converge } = functions;
    const functionRoles = Object.values(functions).map(({ role }) => role);
    const own = [...functionRoles, schedules.scheduleRole];
    new GrantorRoles(this, "Grantors", {
      access,
      account,
      converge: roleByName(Aws.ACCOUNT_ID, converge.role.roleArn),
      brokerRoles: [...own.map((role) => role.roleArn), ...remoteRoleArns(deploymentOf(access))],
      withGroups: topology.groups.includes(account),
      remote: remotePlaceIn(topology, account),
    });
  }
}

const grantorsOf = ({ access, topology }: BrokerStackProps) => grantorRoleArns(access, topology);

type Functions = Readonly<Record<"api" | "converge" | "sweep" | "notify", BrokerFunction>>;

/** All of them. Those that access.yaml does not need are absent. */
type MadeFunctions = Functions &
  Readonly<Record<"correlate" | "archive", BrokerFunction>> & {
    readonly activity?: BrokerFunction;
    readonly standing?: BrokerFunction;
    readonly outside?: BrokerFunction;
    readonly slack?: BrokerFunction;
  };

const lambdasOf = (made: MadeFunctions) =>
  Object.fromEntries(
    Object.entries(made).map(([name, { function: lambda }]) => [name, lambda]),
  ) as Readonly<Pick<AlarmsProps, keyof MadeFunctions & keyof AlarmsProps>>;

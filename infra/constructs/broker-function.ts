import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  type IFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { allow } from "../permissions/statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { deploymentAt } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";
import { reservedConcurrency } from "../synth/reserved-concurrency.ts";
import type { StackSettings } from "../synth/settings.ts";
import { METRICS_NAMESPACE } from "./alarm-kind.ts";
import { functionOf } from "./function-code.ts";

export interface BrokerFunctionProps {
  /** Names the file: `functions/<name>.ts`, which exports `handler`. */
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Say how much concurrency it has of its own. */
  readonly settings: Pick<StackSettings, "convergeConcurrency" | "lambdaConcurrency">;
  /** The compiled policy. The bundle gets a copy, `access.json`; without it, the function knows no policy. */
  readonly accessFile?: string;
  /** Everything that the function may do, except to write its own log. */
  readonly statements: readonly PolicyStatement[];
  /**
   * A function whose role and log this one has too, and no statement of its own: it does a part of that one's work, in
   * places of its own.
   */
  readonly partOf?: BrokerFunction;
  /** Findings of cdk-nag in the statements, with the reason why each stays. */
  readonly findings?: Readonly<Record<string, string>>;
  /**
   * A clock starts it again and again, or another function that does the same. Lambda never retries it, because a late
   * run would only run beside the next.
   */
  readonly isRepeated?: boolean;
}

/**
 * One Lambda function with its own role, whose name is fixed. CDK's default role has a managed policy that lets a function
 * write to every log group of the account.
 */
export class BrokerFunction extends Construct {
  readonly function: IFunction;
  readonly role: Role;
  readonly #log: LogGroup;

  constructor(scope: Construct, id: string, props: BrokerFunctionProps) {
    super(scope, id);
    const { partOf } = props;
    this.#log = partOf ? partOf.#log : logOf(this);
    this.role = partOf ? partOf.role : this.#role(props, this.#log);
    const reserved = reservedConcurrency(props.name, props.settings);
    this.function = functionOf(this, props.name, props.accessFile, {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes,
      timeout: Duration.seconds(props.timeoutSeconds),
      // Alarms read this namespace: without it, Powertools has a namespace of its own.
      environment: { ...props.environment, POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE },
      role: this.role,
      logGroup: this.#log,
      loggingFormat: LoggingFormat.JSON,
      // Without start and report of each run that went well. Runs that failed or timed out stay.
      systemLogLevelV2: SystemLogLevel.WARN,
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
      ...(props.isRepeated ? NEVER_AGAIN : {}),
    });
  }

  #role({ name, statements, findings = {} }: BrokerFunctionProps, logGroup: LogGroup): Role {
    const role = new Role(this, "Role", {
      roleName: roleNameOf(deploymentAt(this), name),
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `What Timelatch's ${name} function may do`,
    });
    role.addToPolicy(
      allow("WriteOwnLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]),
    );
    for (const statement of statements) role.addToPolicy(statement);
    acknowledge(role, findings);
    return role;
  }
}

const logOf = (scope: Construct): LogGroup =>
  new LogGroup(scope, "Log", {
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });

const NEVER_AGAIN = {
  retryAttempts: 0,
  maxEventAge: Duration.minutes(1),
};

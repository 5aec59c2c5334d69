import { Duration } from "aws-cdk-lib";
import { type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, LoggingFormat, Runtime } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { allow } from "../permissions/statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { inRepository } from "../synth/repository.ts";

export interface BrokerFunctionProps {
  /** Names the file: `functions/<name>.ts`, which exports `handler`. */
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The compiled policy, which is put beside the bundle as `access.json`. */
  readonly accessFile: string;
  /** All that the function may do, apart from writing its own log. */
  readonly statements: readonly PolicyStatement[];
  /** Findings of cdk-nag in those, with the reason why each stays. */
  readonly findings?: Readonly<Record<string, string>>;
  /**
   * Started by a clock that starts it again anyway: one at a time, and never tried again, since
   * what is late would only run beside its successor.
   */
  readonly startedByClock?: boolean;
}

/**
 * One Lambda function with a role of its own. The role is written here, and not CDK's default one,
 * whose managed policy lets a function write to every log group of the account.
 */
export class BrokerFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: BrokerFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "Log", { retention: RetentionDays.ONE_YEAR });
    this.role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `What Timelatch's ${props.name} function may do`,
    });
    this.role.addToPolicy(
      allow("WriteOwnLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]),
    );
    for (const statement of props.statements) this.role.addToPolicy(statement);
    acknowledge(this.role, props.findings ?? {});
    this.function = new NodejsFunction(this, "Function", {
      entry: inRepository("functions", `${props.name}.ts`),
      projectRoot: inRepository(),
      depsLockFilePath: inRepository("package-lock.json"),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: { ...props.environment },
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // CDK would add AWS_NODEJS_CONNECTION_REUSE_ENABLED, which the SDK's third version ignores.
      awsSdkConnectionReuse: false,
      ...(props.startedByClock
        ? { reservedConcurrentExecutions: 1, retryAttempts: 0, maxEventAge: Duration.minutes(1) }
        : {}),
      bundling: {
        format: OutputFormat.ESM,
        target: "node24",
        minify: true,
        // `module` first: the CommonJS builds of the SDK call require() at load, which ESM lacks.
        mainFields: ["module", "main"],
        // The runtime's own SDK may be older than what the code was tested with: bundle ours.
        externalModules: [],
        commandHooks: {
          beforeBundling: () => [],
          beforeInstall: () => [],
          afterBundling: (_input, output) => [
            [
              process.execPath,
              inRepository("infra", "synth", "copy-file.ts"),
              props.accessFile,
              `${output}/access.json`,
            ]
              .map((part) => JSON.stringify(part.replaceAll("\\", "/")))
              .join(" "),
          ],
        },
      },
    });
  }
}

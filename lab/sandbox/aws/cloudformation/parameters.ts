/** The values of a template's parameters. */
import type { CloudFormationContext } from "./context.ts";
import { listIn, validationError } from "./errors.ts";
import type { StackParameter } from "./state.ts";
import type { TemplateParameter } from "./template-text.ts";

const SSM_TYPE = "AWS::SSM::Parameter::Value<String>";
const TYPES = ["String", "Number", "CommaDelimitedList", SSM_TYPE];

type Values = Readonly<Record<string, StackParameter>>;

/**
 * The value of each parameter: as the call gives it, as the stack has it, or its default.
 *
 * @param previous of the stack as it is
 * @throws AwsError ValidationError
 */
export function parameterValues(
  context: CloudFormationContext,
  declared: Readonly<Record<string, TemplateParameter>>,
  input: Readonly<Record<string, unknown>>,
  previous: Values,
): Values {
  const given = givenIn(input, previous);
  const unknown = [...given.keys()].filter((key) => !Object.hasOwn(declared, key));
  if (unknown.length > 0)
    throw validationError(`Parameters: [${unknown.join(", ")}] do not exist in the template`);
  const missing = Object.entries(declared).filter(
    ([key, { Default }]) => !given.has(key) && Default === undefined,
  );
  if (missing.length > 0)
    throw validationError(
      `Parameters: [${missing.map(([key]) => key).join(", ")}] must have values`,
    );
  return Object.fromEntries(
    Object.entries(declared).map(([key, parameter]) => [
      key,
      checked(context, key, parameter, given.get(key) ?? String(parameter.Default)),
    ]),
  );
}

function givenIn(
  input: Readonly<Record<string, unknown>>,
  previous: Values,
): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const one of listIn(input, "Parameters")) {
    const {
      ParameterKey: key,
      ParameterValue: value,
      UsePreviousValue: keeps,
    } = one as Record<string, unknown>;
    if (typeof key !== "string") throw validationError("A parameter needs its ParameterKey.");
    const kept = keeps === "true" ? previous[key]?.value : undefined;
    if (keeps === "true" && kept === undefined)
      throw validationError(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    given.set(key, kept ?? (typeof value === "string" ? value : ""));
  }
  return given;
}

function checked(
  { ssm }: CloudFormationContext,
  key: string,
  { Type: type, AllowedValues: allowed, AllowedPattern: pattern }: TemplateParameter,
  value: string,
): StackParameter {
  if (!TYPES.includes(type))
    throw validationError(
      `Template format error: the sandbox does not emulate the parameter type ${type} of ${key}.`,
    );
  if (allowed !== undefined && !allowed.map(String).includes(value))
    throw validationError(`Parameter ${key} must be one of AllowedValues`);
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value))
    throw validationError(`Parameter ${key} failed to satisfy constraint: ${pattern}`);
  if (type !== SSM_TYPE) return { value };
  const stored = ssm.state.parameters[value];
  if (stored === undefined)
    throw validationError(
      `Unable to fetch parameters [${value}] from parameter store for this account.`,
    );
  return { value, resolved: stored.value };
}

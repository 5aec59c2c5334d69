import { AwsError, type Call } from "../service.ts";
import type { Store } from "../store.ts";
import type { SsmState, StoredParameter } from "./state.ts";

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
const EMULATED = ["Name", "Value", "Type", "Overwrite"];
const TYPES: readonly string[] = ["String", "SecureString"];
/** The longest value of a standard parameter, in characters. */
const LONGEST_VALUE = 4_096;
/** Letters, digits, `.`, `-`, `_`, in levels that `/` divides; of at most 1,011 characters in all. */
const NAME = /^(?=.{1,1011}$)(?:\/[\w.-]+)+$/;

/**
 * Stores a parameter, or with `Overwrite` its next version.
 *
 * @throws AwsError ValidationException for what is not emulated or not valid; ParameterAlreadyExists
 */
export function putParameter(ssm: Store<SsmState>, { input, now }: Pick<Call, "input" | "now">) {
  const other = Object.keys(input).find((member) => !EMULATED.includes(member));
  if (other !== undefined)
    throw invalid(`The sandbox does not emulate ${other} of PutParameter. Nothing was stored.`);
  const { name, value, type } = membersOf(input);
  const stored = ssm.state.parameters[name];
  if (stored && input["Overwrite"] !== true)
    throw new AwsError(
      "ParameterAlreadyExists",
      400,
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    );
  const kept = type ?? stored?.type;
  if (kept === undefined)
    throw invalid("A parameter type is required when you create a parameter.");
  const version = (stored?.version ?? 0) + 1;
  ssm.change((state) => {
    state.parameters[name] = { type: kept, value, version, modifiedAt: now.getTime() };
  });
  return { Tier: "Standard", Version: version };
}

function membersOf(input: Call["input"]) {
  const { Name: name, Value: value, Type: type } = input;
  if (typeof name !== "string" || !NAME.test(name))
    throw invalid("Parameter name must be a fully qualified name of levels such as /app/token.");
  if (typeof value !== "string" || value === "")
    throw invalid(
      "1 validation error detected: Value at 'value' failed to satisfy constraint: Member must not be null",
    );
  if (value.length > LONGEST_VALUE)
    throw invalid(
      `Standard tier parameters support a maximum parameter value of ${LONGEST_VALUE} characters.`,
    );
  if (type !== undefined && !TYPES.includes(String(type)))
    throw invalid(
      `The sandbox emulates parameters of type ${TYPES.join(" and ")}. Nothing was stored.`,
    );
  return { name, value, type: type as StoredParameter["type"] | undefined };
}

const invalid = (message: string) => new AwsError("ValidationException", 400, message);

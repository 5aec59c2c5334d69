import { AwsError, type Call } from "../service.ts";
import type { Store } from "../store.ts";
import type { SsmState } from "./state.ts";

/**
 * `DescribeParameters` by one exact name, which says a parameter's type without its value.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
 */
export function describeParameters({ state }: Store<SsmState>, { input }: Pick<Call, "input">) {
  const name = nameIn(input);
  const stored = state.parameters[name];
  return {
    Parameters: stored
      ? [
          {
            Name: name,
            Type: stored.type,
            Version: stored.version,
            LastModifiedDate: stored.modifiedAt / 1_000,
            Tier: "Standard",
            DataType: "text",
            Policies: [],
          },
        ]
      : [],
  };
}

function nameIn(input: Readonly<Record<string, unknown>>): string {
  const { ParameterFilters: filters, ...others } = input;
  const [filter, second] = Array.isArray(filters) ? filters : [];
  const { Key, Option = "Equals", Values = [] } = (filter ?? {}) as Record<string, unknown>;
  const isExact = Key === "Name" && Option === "Equals" && Array.isArray(Values);
  if (!isExact || Values.length !== 1 || second !== undefined || Object.keys(others).length > 0)
    throw new AwsError(
      "ValidationException",
      400,
      "The sandbox emulates DescribeParameters with one filter: Name Equals one name.",
    );
  return String(Values[0]);
}

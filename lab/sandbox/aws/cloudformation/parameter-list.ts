import type { StackParameter } from "./state.ts";

/** A stack's or a change set's parameters, as they are answered. */
export const parameterList = (parameters: Readonly<Record<string, StackParameter>>) =>
  Object.entries(parameters).map(([key, { value, resolved }]) => ({
    ParameterKey: key,
    ParameterValue: value,
    ResolvedValue: resolved,
  }));

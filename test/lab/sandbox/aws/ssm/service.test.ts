/** Parameter Store, as far as docs/slack.md needs it. */
import { describe, expect, it } from "vitest";
import { putParameter } from "../../../../../lab/sandbox/aws/ssm/put-parameter.ts";
import { ssmService } from "../../../../../lab/sandbox/aws/ssm/service.ts";
import type { SsmState } from "../../../../../lab/sandbox/aws/ssm/state.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";

const AT = new Date("2026-11-28T04:00:00Z");
const NAME = "/timelatch/slack/bot-token";
const TOKEN = { Name: NAME, Value: "xoxb-1", Type: "SecureString" };

const emptyStore = () => memoryStore<SsmState>({ parameters: {} });
const put = (ssm: ReturnType<typeof emptyStore>, input: Record<string, unknown>) =>
  putParameter(ssm, { input, now: AT });

describe("PutParameter", () => {
  it("A parameter that is put has version 1", () => {
    const ssm = emptyStore();
    expect(put(ssm, TOKEN)).toEqual({ Tier: "Standard", Version: 1 });
    expect(ssm.state.parameters[NAME]).toEqual({
      type: "SecureString",
      value: "xoxb-1",
      version: 1,
      modifiedAt: AT.getTime(),
    });
  });

  it("A parameter is not put a second time without Overwrite", () => {
    const ssm = emptyStore();
    put(ssm, TOKEN);
    expect(() => put(ssm, { ...TOKEN, Value: "xoxb-2" })).toThrow(/set the overwrite option/);
    expect(ssm.state.parameters[NAME]?.value).toBe("xoxb-1");
  });

  it("A parameter that is overwritten keeps its type and has the next version", () => {
    const ssm = emptyStore();
    put(ssm, TOKEN);
    const answer = put(ssm, { Name: NAME, Value: "xoxb-2", Overwrite: true });
    expect(answer).toEqual({ Tier: "Standard", Version: 2 });
    expect(ssm.state.parameters[NAME]).toMatchObject({ type: "SecureString", value: "xoxb-2" });
  });

  it.each([
    ["a member that is not emulated", { ...TOKEN, KeyId: "alias/mine" }, "KeyId"],
    ["a new parameter without a type", { Name: NAME, Value: "x" }, "type is required"],
    ["another type", { ...TOKEN, Type: "StringList" }, "String and SecureString"],
    ["a name without a level", { ...TOKEN, Name: "token" }, "fully qualified"],
    ["an empty value", { ...TOKEN, Value: "" }, "'value'"],
    ["a value of more than 4,096 characters", { ...TOKEN, Value: "x".repeat(4_097) }, "4096"],
  ])("PutParameter refuses %s, and stores nothing", (_, input, why) => {
    const ssm = emptyStore();
    expect(() => put(ssm, input)).toThrow(why);
    expect(ssm.state.parameters).toEqual({});
  });

  it("IAM is asked for PutParameter on the parameter's ARN", () => {
    const { operations } = ssmService({
      ssm: emptyStore(),
      account: "111122223333",
      region: "us-west-2",
    });
    const caller = {} as never;
    expect(operations["PutParameter"]?.permissions(TOKEN, caller)).toEqual([
      {
        action: "ssm:PutParameter",
        resource: "arn:aws:ssm:us-west-2:111122223333:parameter/timelatch/slack/bot-token",
      },
    ]);
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setConfig, unsetConfig } from "../../../cli/commands/config.ts";
import { configPath, readConfig, setInConfig } from "../../../cli/config/config-file.ts";
import { contextOf } from "../../../cli/context.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { type LoopbackApi, loopbackApi } from "../loopback-api.ts";
import { run, runHere } from "../run-timelatch.ts";

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), "timelatch-config-"));
});
afterEach(() => rmSync(base, { recursive: true }));

const env = () => ({ XDG_CONFIG_HOME: base });

describe("the configuration file", () => {
  it("The configuration file is below XDG_CONFIG_HOME, else below ~/.config", () => {
    expect(configPath({ XDG_CONFIG_HOME: "/x" })).toBe("/x/timelatch/config.json");
    expect(configPath({ HOME: "/home/alice" })).toBe("/home/alice/.config/timelatch/config.json");
    // A relative path is to be ignored, says the specification.
    expect(configPath({ XDG_CONFIG_HOME: "x", HOME: "/h" })).toBe(
      "/h/.config/timelatch/config.json",
    );
  });

  it("The configuration file is read back as it was written, and is only for its owner", async () => {
    expect(await readConfig(env())).toEqual({});
    const file = await setInConfig(env(), "api", "https://api.example.com");
    expect(await readConfig(env())).toEqual({ api: "https://api.example.com" });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("The configuration file comes after --api and TIMELATCH_API", async () => {
    await setInConfig(env(), "api", "https://file.example.com");
    const { screen } = fakeTerminal().context;
    const more = { ...env(), AWS_REGION: "us-west-2" };
    const address = async (api?: string, variable?: string) =>
      (
        await contextOf(api === undefined ? {} : { api }, screen, {
          ...more,
          TIMELATCH_API: variable,
        }).api()
      ).address;
    expect(await address()).toBe("https://file.example.com");
    expect(await address(undefined, "https://env.example.com")).toBe("https://env.example.com");
    expect(await address("https://flag.example.com", "https://env.example.com")).toBe(
      "https://flag.example.com",
    );
  });
});

describe("timelatch config", () => {
  let api: LoopbackApi;
  beforeEach(async () => {
    api = await loopbackApi(() => ({ body: { requests: [] } }));
  });
  afterEach(() => api.close());
  const surroundings = () => ({ env: { ...env(), TIMELATCH_API: undefined } });
  const timelatch = (...args: readonly string[]) => runHere(args, surroundings());

  it("timelatch config sets the address that later commands use, and prints it", async () => {
    expect(await timelatch("config", "set", "api", `${api.address}/`)).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(configPath(env()), "utf8"))).toEqual({ api: api.address });
    expect((await timelatch("config", "get", "api")).out).toBe(`${api.address}\n`);
    expect((await run(["grants"], surroundings())).code).toBe(0);
    expect(api.calls).toHaveLength(1);
  });

  it.each([
    ["another", "https://other.example.com", true],
    ["the same", "https://new.example.com", false],
    ["no", undefined, false],
    ["an empty", "", false],
  ])(
    "timelatch config says that %s address in the environment counts, if it does",
    async (_, set, says) => {
      const terminal = fakeTerminal({ columns: 200, env: { ...env(), TIMELATCH_API: set } });
      await setConfig(terminal.context, "api", "https://new.example.com");
      expect(terminal.out()).toContain("api = https://new.example.com, in ");
      expect(terminal.err()).toBe(
        says
          ? `TIMELATCH_API is ${set} in your environment, and counts in place of the file. Unset it to use the file.\n`
          : "",
      );
    },
  );

  it("timelatch config unset says that the environment still sets the value", async () => {
    const set = { ...env(), TIMELATCH_API: "https://other.example.com" };
    const terminal = fakeTerminal({ env: set });
    await unsetConfig(terminal.context, "api");
    expect(terminal.err()).toContain("TIMELATCH_API is https://other.example.com");
  });

  it("timelatch config unset takes out one value of one profile, and leaves all others", async () => {
    const role = "arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice";
    for (const more of [[], ["--profile", "eu"]]) {
      await timelatch("config", "set", "api", api.address, ...more);
      await timelatch("config", "set", "role", role, ...more);
    }
    const file = () => JSON.parse(readFileSync(configPath(env()), "utf8"));
    const both = { api: api.address, role };
    const { out } = await timelatch("config", "unset", "role", "--profile", "eu");
    expect(out).toBe(`role is not set, in profile eu of ${configPath(env())}\n`);
    expect(file()).toEqual({ ...both, profiles: { eu: { api: api.address } } });
    await timelatch("config", "unset", "role");
    expect(await timelatch("config", "unset", "role")).toMatchObject({ code: 0 });
    expect(file()).toEqual({ api: api.address, profiles: { eu: { api: api.address } } });
    await timelatch("config", "unset", "api", "--profile", "eu");
    expect(file()).toEqual({ api: api.address });
  });

  it("timelatch config unset refuses a profile that is not there, and writes nothing", async () => {
    expect((await timelatch("config", "unset", "api", "--profile", "eu")).code).not.toBe(0);
    expect(existsSync(configPath(env()))).toBe(false);
  });

  it("timelatch config refuses an address that no command could use, and writes nothing", async () => {
    expect((await timelatch("config", "set", "api", "http://example.com")).code).toBe(2);
    expect(await readConfig(env())).toEqual({});
  });
});

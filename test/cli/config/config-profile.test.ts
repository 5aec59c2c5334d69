/** Profiles of the configuration: one for each deployment that a person works with. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CONFIG_KEYS, configPath, readConfig } from "../../../cli/config/config-file.ts";
import { settingsOf } from "../../../cli/config/setting-sources.ts";
import { contextOf } from "../../../cli/context.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { runHere } from "../run-timelatch.ts";

const EU = "https://eu.example.com";
const US = "https://us.example.com";
const ROLE = "arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice";

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), "timelatch-profiles-"));
});
afterEach(() => rmSync(base, { recursive: true }));

const env = () => ({ XDG_CONFIG_HOME: base, AWS_REGION: "us-west-2" });
const timelatch = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  runHere(args, { env: { ...env(), TIMELATCH_API: undefined, ...more } });
const written = () => JSON.parse(readFileSync(configPath(env()), "utf8"));
const listed = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  JSON.parse((await timelatch(["config", "list", "--json", ...args], more)).out);

describe("timelatch config with profiles", () => {
  it("A value goes into the profile that is named, and everything else stays as it was", async () => {
    await timelatch(["config", "set", "api", US]);
    await timelatch(["config", "set", "api", EU, "--profile", "eu"]);
    await timelatch(["config", "set", "role", ROLE], { TIMELATCH_PROFILE: "eu" });
    expect(written()).toEqual({ api: US, profiles: { eu: { api: EU, role: ROLE } } });
    await timelatch(["config", "set", "api", US, "--profile", "us"]);
    await timelatch(["config", "set", "role", ROLE, "--profile", "default"]);
    expect(written()).toEqual({
      api: US,
      role: ROLE,
      profiles: { eu: { api: EU, role: ROLE }, us: { api: US } },
    });
  });

  it("A profile takes no value from outside of it, since a role of another deployment cannot call", async () => {
    await timelatch(["config", "set", "role", ROLE]);
    await timelatch(["config", "set", "api", EU, "--profile", "eu"]);
    expect(await readConfig({ ...env(), TIMELATCH_PROFILE: "eu" })).toEqual({ api: EU });
    expect((await timelatch(["config", "get", "role", "--profile", "eu"])).code).toBe(4);
  });

  it("--profile comes before TIMELATCH_PROFILE, and calls go where the profile says", async () => {
    await timelatch(["config", "set", "api", EU, "--profile", "eu"]);
    await timelatch(["config", "set", "api", US, "--profile", "us"]);
    const { screen } = fakeTerminal().context;
    const context = contextOf({ profile: "us" }, screen, { ...env(), TIMELATCH_PROFILE: "eu" });
    expect((await context.api()).address).toBe(US);
    // kubectl later starts `timelatch token` with it.
    expect(context.env["TIMELATCH_PROFILE"]).toBe("us");
  });

  it.each(["constructor", "__proto__", "staging"])(
    "A profile %s that nobody made is refused, and no other is taken",
    async (name) => {
      await timelatch(["config", "set", "api", US]);
      const { code, err } = await timelatch(["config", "get", "api", "--profile", name]);
      expect(code).not.toBe(0);
      expect(err).toMatch(/There is no profile|is no name of a profile/);
    },
  );

  it("A configuration file from before there were profiles is read as it was", async () => {
    mkdirSync(path.dirname(configPath(env())), { recursive: true });
    writeFileSync(configPath(env()), JSON.stringify({ api: US }));
    expect(await readConfig(env())).toEqual({ api: US });
  });
});

describe("timelatch config list", () => {
  it("It says of each value where it comes from", async () => {
    await timelatch(["config", "set", "api", EU, "--profile", "eu"]);
    await timelatch(["config", "set", "role", ROLE, "--profile", "eu"]);
    expect(await listed(["--profile", "eu"])).toEqual({
      file: configPath(env()),
      profile: "eu",
      profiles: ["eu"],
      settings: [
        { key: "api", value: EU, from: "file" },
        { key: "role", value: ROLE, from: "file" },
      ],
    });
    expect((await listed([], { TIMELATCH_API: US })).settings).toEqual([
      { key: "api", value: US, from: "environment" },
      { key: "role", from: "nothing" },
    ]);
    expect((await listed(["--api", EU], { TIMELATCH_API: US })).settings[0]).toEqual({
      key: "api",
      value: EU,
      from: "flag",
    });
  });

  it("For people it names the flag, the variable or the profile", async () => {
    await timelatch(["config", "set", "api", EU, "--profile", "eu"]);
    const { out } = await timelatch(["config", "list", "--profile", "eu"], {
      TIMELATCH_ROLE: ROLE,
    });
    expect(out).toContain(`api       ${EU}  (from profile eu)`);
    expect(out).toContain("(from TIMELATCH_ROLE)");
    expect(out).toContain("profile   eu  (from --profile)");
    expect((await timelatch(["config", "list"])).out).toMatch(/api +not set\n/);
  });

  it("Every value counts in the order of flag, environment and file; an empty one sets nothing", () => {
    const values = ["", "x", undefined];
    for (const key of CONFIG_KEYS)
      for (const flag of values)
        for (const variable of values)
          for (const file of values) {
            const name = `TIMELATCH_${key.toUpperCase()}`;
            const found = settingsOf(
              { [key]: flag && "flag" },
              { [name]: variable && "variable" },
              file === undefined ? {} : { [key]: file && "file" },
            ).find((each) => each.key === key);
            const expected = flag ? "flag" : variable ? "variable" : file ? "file" : undefined;
            expect(found?.value).toBe(expected);
          }
  });
});

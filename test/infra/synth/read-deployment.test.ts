import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readDeployment } from "../../../infra/synth/read-deployment.ts";

const folder = mkdtempSync(path.join(tmpdir(), "timelatch-config-"));
const file = path.join(folder, "timelatch.config.yaml");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const PLACE = `version: 1\naccount: "111122223333"\nregion: eu-west-1\n`;

function read(text: string) {
  writeFileSync(file, text);
  return readDeployment(file);
}

describe("timelatch.config.yaml", () => {
  it("the least file says where the broker is; its policy is access.yaml beside it", () => {
    expect(read(PLACE)).toEqual({
      access: path.join(folder, "access.yaml"),
      env: { account: "111122223333", region: "eu-west-1" },
    });
  });

  it("another policy, topics of the region, concurrency and the dashboard are read", () => {
    const topic = "arn:aws:sns:eu-west-1:111122223333:pages";
    const more = `access: prod.yaml\nalarmTopics: [${topic}]\nlambdaConcurrency: 1000\ndashboard: true\n`;
    expect(read(PLACE + more)).toMatchObject({
      access: path.join(folder, "prod.yaml"),
      alarmTopics: [topic],
      lambdaConcurrency: 1_000,
      dashboard: true,
    });
  });

  it("a file that is not there is named, with where to run it", () => {
    expect(() => readDeployment(path.join(folder, "none.yaml"))).toThrow(
      /none\.yaml cannot be read \(ENOENT.*\)\. Nothing was synthesized\. Change to the folder/,
    );
  });

  it.each([
    ["account: 111122223333", /:2:10 account: Write the account's twelve digits in quotes\./],
    ["account: '1111'", /:2:10 account: Write the account's twelve digits in quotes\./],
    ["account: '111122223333'\nregion: Europe", /:3:9 region: Write a region such as us-west-2/],
    ["account: '111122223333'\nregions: x", /:3:1 regions: Unknown key\./],
    [
      "account: '111122223333'\nregion: eu-west-1\nalarmTopics: [pager]",
      /:4:15 alarmTopics\.0: Write the ARN of a standard SNS topic/,
    ],
    [
      "account: '111122223333'\nregion: eu-west-1\naccess: ../access.yaml",
      /:4:9 access: Write the name of a file beside this one/,
    ],
    [
      "account: '111122223333'\nregion: eu-west-1\nlambdaConcurrency: 0",
      /:4:20 lambdaConcurrency: Write a whole number from 1 on/,
    ],
  ])("a file with %j is refused with its place, and nothing is synthesized", (lines, fault) => {
    expect(() => read(`version: 1\n${lines}\n`)).toThrow(fault);
    expect(() => read(`version: 1\n${lines}\n`)).toThrow("Nothing was synthesized");
  });
});

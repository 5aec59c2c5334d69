import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { newCertificate } from "../../../../lab/sandbox/kubernetes/certificate.ts";
import {
  awsCommand,
  kubeconfig,
  writeKubeconfig,
} from "../../../../lab/sandbox/kubernetes/kubeconfig.ts";
import { tokenVerifier } from "../../../../lab/sandbox/kubernetes/token.ts";
import { credential, iamStore, role } from "../aws/iam-world.ts";
import { clusterScope, eksStore, entry, objectStore, start } from "./cluster-world.ts";

test("A kubeconfig has one context a cluster, named as the cluster", () => {
  const text = kubeconfig({
    command: "aws",
    clusters: [
      { name: "prod", server: "https://127.0.0.1:1", certificate: "PEM" },
      { name: "staging", server: "https://127.0.0.1:2", certificate: "PEM" },
    ],
  });
  const config = parse(text);
  expect(config["current-context"]).toBe("prod");
  expect(config.contexts).toEqual([
    { name: "prod", context: { cluster: "prod", user: "prod" } },
    { name: "staging", context: { cluster: "staging", user: "staging" } },
  ]);
  expect(config.clusters[1]).toEqual({
    name: "staging",
    cluster: { server: "https://127.0.0.1:2", "certificate-authority-data": "UEVN" },
  });
  expect(config.users[1].user.exec).toMatchObject({
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["eks", "get-token", "--cluster-name", "staging", "--output", "json"],
    env: null,
    interactiveMode: "IfAvailable",
  });
});

test("The system's AWS CLI is preferred to whatever is called aws", () => {
  expect(awsCommand(() => true)).toBe("/usr/bin/aws");
  expect(awsCommand(() => false)).toBe("aws");
});

test("kubectl logs in through the kubeconfig, as the profile's role", async () => {
  const home = mkdtempSync(join(tmpdir(), "timelatch-kubeconfig-"));
  const alice = role("alice", { path: "/people/" });
  const key = credential(alice, "session");
  const tls = await newCertificate(new Date());
  const cluster = await start(tls, {
    eks: eksStore([
      entry("alice", { policies: { View: clusterScope }, principalId: alice.roleId }),
    ]),
    objects: objectStore(),
    verifyToken: tokenVerifier(iamStore(alice), () => new Date()),
  });
  try {
    const path = join(home, "config");
    writeKubeconfig(path, {
      clusters: [{ name: "prod", server: cluster.url, certificate: tls.certificate }],
      command: awsCommand(),
      environment: { AWS_REGION: "us-west-2", AWS_CONFIG_FILE: "/dev/null" },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      AWS_ACCESS_KEY_ID: key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
      AWS_SESSION_TOKEN: key.sessionToken ?? "",
    };
    const line = ["--kubeconfig", path, "--context", "prod", "auth", "can-i", "list", "pods"];
    const { stdout } = await promisify(execFile)("kubectl", line, { env });
    expect(stdout).toBe("yes\n");
  } finally {
    await cluster.close();
    rmSync(home, { recursive: true, force: true });
  }
});

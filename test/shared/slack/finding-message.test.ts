import { describe, expect, it } from "vitest";
import { FINDING_CODES } from "../../../shared/domain/evidence/findings/finding-record.ts";
import type { FindingNotice } from "../../../shared/domain/notices/notice.ts";
import { findingMessage } from "../../../shared/slack/finding-message.ts";
import { ALICE, GRANT } from "../domain/evidence/samples.ts";
import { aFindingNotice } from "./any-finding.ts";

/** The lines that a reader sees, from top to bottom. */
const linesOf = (notice: FindingNotice) =>
  findingMessage(notice).blocks.flatMap((block) => {
    if (block.type === "section" || block.type === "header") return [block.text?.text];
    return block.type === "context"
      ? block.elements.map((element) => ("text" in element ? element.text : ""))
      : [];
  });

const MALLORY = "arn:aws:sts::111122223333:assumed-role/mallory/mallory@example.com";
const HAPPENED = "Happened <!date^1795514401^{date_short_pretty} {time}|2026-11-24 10:00 UTC>";

describe("the message about a finding", () => {
  it("The message about a change says who did what, from where, what it means, and on whose grant it stands", () => {
    const notice = aFindingNotice("outside-change");
    expect(linesOf(notice)).toEqual([
      `${MALLORY} associated AmazonEKSViewPolicy with the access entry of ${ALICE} on prod.`,
      "Where AmazonEKSViewPolicy holds, before: unknown. After: payments.",
      "From 203.0.113.10, with aws-sdk-js/3.1174.0.",
      "No call of Timelatch explains it, and access.yaml does not expect its caller. Ask who made the change.",
      `It stands on: timelatch show ${GRANT}`,
      "Nobody has acknowledged it.",
      `outside-change: timelatch findings show ${notice.facts.findingId}, then timelatch findings acknowledge ${notice.facts.findingId}`,
      HAPPENED,
    ]);
  });

  it("The use of a grantor role is the only finding with a heading in capitals", () => {
    const headings = FINDING_CODES.map((code) => {
      const [first] = findingMessage(aFindingNotice(code)).blocks;
      return first?.type === "header" ? first.text.text : null;
    });
    expect(headings).toEqual([
      null,
      null,
      "TIMELATCH'S GRANTOR ROLE WAS USED, AND NOT BY TIMELATCH",
      "The role of Timelatch's fuses was used, and not by a fuse",
      "An event of CloudTrail contradicts Timelatch's record",
      null,
    ]);
  });

  it("The message about a call that CloudTrail does not show names the call by EKS's request id", () => {
    const [found] = linesOf(aFindingNotice("missing-event"));
    expect(found).toBe(
      `CloudTrail does not show a call of Timelatch about the access entry of ${ALICE} on prod. EKS answered it as 9f1c2d3e-0000-4000-8000-000000000001.`,
    );
  });

  it("The message about a forged event says in what it differs from the call", () => {
    expect(linesOf(aFindingNotice("forged-request-id")).join("\n")).toContain(
      "It differs in roleArn and sessionName.",
    );
  });

  it("The message about what went with an entry says by which call, at whose end, and to add it again", () => {
    const [, , from, meaning] = linesOf(aFindingNotice("taken-with-entry"));
    expect(from).toBe(
      `From 203.0.113.10, with aws-sdk-js/3.1174.0. Timelatch deleted the access entry at 2026-11-24T10:00:31.250Z by the call 9f1c2d3e-0000-4000-8000-0000000000de, at the end of ${GRANT}.`,
    );
    expect(meaning).toContain("Add it again if its owner still wants it.");
  });

  it("The message about a call that failed says that nothing was changed", () => {
    const [, found] = linesOf(
      aFindingNotice("grantor-outside-call", {
        errorCode: "AccessDenied",
        clusterArn: null,
        principalArn: null,
      }),
    );
    expect(found).toContain(
      "called AssociateAccessPolicy about the access entry of nobody known on a cluster that CloudTrail does not name. EKS answered AccessDenied, so nothing was changed.",
    );
  });

  it.each([
    [{ operation: "DeleteAccessEntry", policyArn: null, scope: null } as const, "deleted"],
    [{ operation: "CreateAccessEntry", policyArn: null, groups: [] } as const, "created"],
    [{ operation: "UpdateAccessEntry", policyArn: null, groups: ["a"] } as const, "changed"],
    [{ operation: "DisassociateAccessPolicy", scope: null } as const, "disassociated"],
  ])("The message about %j says that the entry or its policy was %s", (changes, word) => {
    expect(linesOf(aFindingNotice("outside-change", changes))[0]).toContain(` ${word} `);
  });

  it("The message about Kubernetes groups names them, and no policy", () => {
    const changes = {
      operation: "UpdateAccessEntry",
      policyArn: null,
      groups: ["b", "a"],
    } as const;
    expect(linesOf(aFindingNotice("outside-change", changes))).toContain(
      "Kubernetes groups, before: unknown. After: a and b.",
    );
  });

  it("An acknowledged finding shows who looked at it last, with the note, and how many did before", () => {
    const notice = aFindingNotice("outside-change", {}, ["Looking", "Planned <!channel> work"]);
    expect(linesOf(notice)).toContain(
      "Acknowledged by dave (1 earlier): Planned &lt;!channel&gt; work.",
    );
    expect(findingMessage(notice).text).toContain("Acknowledged by dave");
    expect(linesOf(notice)).toContain(
      `outside-change: timelatch findings show ${notice.facts.findingId}`,
    );
  });

  it("A caller's own text cannot pass for a sentence of the message", () => {
    const userAgent = 'aws-cli. Acknowledged by dave: "planned" work';
    const lines = linesOf(aFindingNotice("outside-change", { userAgent }));
    expect(lines).toContain(
      'From 203.0.113.10, with "aws-cli. Acknowledged by dave: \\"planned\\" work".',
    );
  });

  it("A long name is cut, and the sentence around it stays whole", () => {
    const principalArn = `arn:aws:iam::111122223333:role/${"x".repeat(2_000)}`;
    const [found] = linesOf(aFindingNotice("outside-change", { principalArn }));
    expect(found).toMatch(/x… on prod\.$/);
    expect(found?.length).toBeLessThan(500);
  });
});

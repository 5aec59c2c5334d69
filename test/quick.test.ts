import { expect, it } from "vitest";
import { memoryBroker } from "./fakes/memory-broker.ts";
it("life", async () => {
  const b = memoryBroker();
  const g = await b.grant();
  await b.converge();
  console.log((await b.now(g)).state, JSON.stringify(b.actual()), JSON.stringify(await b.ledgers.load(b.binding), null, 1));
  console.log(JSON.stringify([...b.tables.heads]));
  b.chance.set(g.revokeAt!);
  await b.converge();
  console.log((await b.now(g)).state, JSON.stringify(b.actual()), JSON.stringify([...b.tables.heads]));
  b.chance.advance(56);
  await b.converge();
  console.log((await b.now(g)).state, JSON.stringify(await b.ledgers.load(b.binding)), JSON.stringify([...b.tables.heads]));
  for (let i=0;i<5;i++){ b.chance.advance(60); await b.converge(); }
  console.log((await b.now(g)).state, JSON.stringify(await b.ledgers.load(b.binding)), JSON.stringify([...b.tables.heads]), b.schedules.timers, b.logs);
  console.log(b.tables.events.map(e=>`${e.at} ${e.type} ${e.to} ${JSON.stringify(e.details.calls ?? [])}`).join("\n"));
});

// Every actor that the suite talks to, by the name under which it is served.
import type { Registry as RivetRegistry } from "rivetkit";
import { calculator, impatient, meetingPoint } from "./actions";
import { counter } from "./counter";
import { ledger, sqlConsole } from "./database";
import { failing } from "./errors";
import { journal } from "./journal";
import { store } from "./kv";
import { lifecycle, mortal, watched } from "./lifecycle";
import { selfAware, stateless } from "./metadata";
import { doubler, mailbox } from "./queues";
import { sockets, web } from "./raw";
import { room } from "./room";
import { scheduler } from "./schedule";
import { dozer, sleeper } from "./sleep";
import { notebook, samples } from "./state";
import { madeVars, plainVars } from "./vars";

export const actors = {
  calculator,
  counter,
  dozer,
  doubler,
  failing,
  impatient,
  journal,
  ledger,
  lifecycle,
  madeVars,
  mailbox,
  meetingPoint,
  mortal,
  notebook,
  plainVars,
  room,
  samples,
  scheduler,
  selfAware,
  sleeper,
  sockets,
  sqlConsole,
  stateless,
  store,
  watched,
  web,
};

export type Registry = RivetRegistry<typeof actors>;
